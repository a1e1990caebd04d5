import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test, vi } from "vitest";

import { expectAccessible } from "@/test/axe";
import { Form, FormDialog, Input, MenuButton } from "@/ui";

function House({ onSend }: { onSend: (entered: { name: string }) => void }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <MenuButton label="更多" items={[{ id: "name", label: "命名", run: () => setOpen(true) }]}>
        …
      </MenuButton>
      {open && (
        <FormDialog<{ name: string }> title="新的名称" hint="改名会留痕" submit="改名" onSubmit={onSend} onClose={() => setOpen(false)}>
          <Form.Item name="name" label="名称">
            <Input />
          </Form.Item>
        </FormDialog>
      )}
    </>
  );
}

test("a form's dialog has the first field in hand, is sent by Enter, and gives the focus back when it goes", async () => {
  const send = vi.fn();
  const user = userEvent.setup({ delay: null });
  render(<House onSend={send} />);
  const more = screen.getByRole("button", { name: "更多" });
  await user.click(more);
  await user.click(screen.getByRole("menuitem", { name: "命名" }));
  const field = await screen.findByLabelText("名称");
  await waitFor(() => expect(field).toHaveFocus());
  expect(screen.getByText("改名会留痕")).toBeInTheDocument();
  await expectAccessible();
  await user.keyboard("海棠组{Enter}");
  await waitFor(() => expect(send).toHaveBeenCalledWith({ name: "海棠组" }));
  await user.click(screen.getByRole("button", { name: /取\s*消/ }));
  await waitFor(() => expect(more).toHaveFocus());
});
