import type { Question } from "./confirm";
import { Modal } from "./overlays";

export function ConfirmDialog({ title, body, yes, danger, answer }: Question & { answer: (yes: boolean) => void }) {
  return (
    <Modal
      open
      centered
      width={420}
      title={title}
      okText={yes}
      okButtonProps={{ danger: danger ?? false, autoFocus: !danger }}
      cancelButtonProps={{ autoFocus: danger ?? false }}
      onOk={() => answer(true)}
      onCancel={() => answer(false)}
    >
      {body}
    </Modal>
  );
}
