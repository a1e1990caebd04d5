import { useQueryClient } from "@tanstack/react-query";
import { type PointerEvent, useCallback, useRef, useState } from "react";

import { type FileView, upload } from "@/modules/files/api";
import { describe } from "@/lib/problem";
import { uuid } from "@/lib/uuid";
import { t } from "@/lib/words";
import { Button, Icon } from "@/ui";

import styles from "./handwriting.module.css";
import { Drawing } from "./handwriting-value";

interface HandwritingInputProps {
  id: string;
  value: readonly string[];
  onChange: (next: string[] | undefined) => void;
  label: string;
  "aria-describedby"?: string | undefined;
}

/** Wide enough for a name, in points of the page. */
const WIDTH = 480;
const HEIGHT = 160;
/** The picture has twice as many points, so that it is sharp on paper. */
const SHARP = 2;

/** 手写签名: drawn with finger, pen or mouse; who cannot draw uploads a picture of his signature. */
export function HandwritingInput({ id, value, onChange, label, ...aria }: HandwritingInputProps) {
  const queries = useQueryClient();
  const [drawing, setDrawing] = useState(false);
  const [sending, setSending] = useState(false);
  const [failure, setFailure] = useState<string>();
  const chooser = useRef<HTMLInputElement>(null);
  const signed = value[0];

  const send = async (file: File) => {
    setSending(true);
    setFailure(undefined);
    try {
      const stored: FileView = await upload(file, uuid(), () => undefined, new AbortController().signal);
      queries.setQueryData(["files", "file", stored.id], stored);
      setDrawing(false);
      onChange([stored.id]);
    } catch (error) {
      setFailure(t("forms.drawing_failed", { why: describe(error) }));
    } finally {
      setSending(false);
    }
  };

  return (
    <div className={styles.field}>
      {signed && !drawing && <Drawing id={signed} label={label} />}
      {drawing && <Pad label={label} sending={sending} onDone={(file) => void send(file)} onFailure={setFailure} onCancel={() => setDrawing(false)} />}
      {!drawing && (
        <div className={styles.tools}>
          <Button
            id={id}
            {...aria}
            icon={<Icon name="edit" size={15} />}
            onClick={() => {
              setFailure(undefined);
              setDrawing(true);
            }}
          >
            {t(signed ? "forms.drawing_clear" : "forms.drawing_start")}
          </Button>
          <Button type="text" loading={sending} icon={<Icon name="upload" size={15} />} onClick={() => chooser.current?.click()}>
            {t("forms.drawing_file")}
          </Button>
          {signed && <Button type="text" aria-label={t("forms.drawing_remove")} icon={<Icon name="cross" size={14} />} onClick={() => onChange(undefined)} />}
        </div>
      )}
      {failure && (
        <p className={styles.failure} role="alert">
          {failure}
        </p>
      )}
      <input
        ref={chooser}
        type="file"
        accept="image/png"
        hidden
        tabIndex={-1}
        aria-label={t("forms.drawing_file")}
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file) void send(file);
          event.target.value = "";
        }}
      />
    </div>
  );
}

interface PadProps {
  label: string;
  sending: boolean;
  onDone: (file: File) => void;
  onFailure: (why: string | undefined) => void;
  onCancel: () => void;
}

function Pad({ label, sending, onDone, onFailure, onCancel }: PadProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [strokes, setStrokes] = useState(0);
  const last = useRef<{ x: number; y: number }>(undefined);

  // Ink on white, in either theme: the picture is printed and kept.
  const begin = useCallback((element: HTMLCanvasElement | null) => {
    canvas.current = element;
    const ink = element?.getContext("2d");
    if (!element || !ink) return;
    ink.fillStyle = "#fff";
    ink.fillRect(0, 0, element.width, element.height);
    ink.strokeStyle = "#000";
    ink.lineWidth = 2.5 * SHARP;
    ink.lineCap = ink.lineJoin = "round";
  }, []);
  const at = (event: PointerEvent<HTMLCanvasElement>) => {
    const place = event.currentTarget.getBoundingClientRect();
    const scale = event.currentTarget.width / (place.width || event.currentTarget.width);
    return { x: (event.clientX - place.left) * scale, y: (event.clientY - place.top) * scale };
  };
  const draw = (event: PointerEvent<HTMLCanvasElement>) => {
    const ink = canvas.current?.getContext("2d");
    const from = last.current;
    if (!ink || !from) return;
    const to = at(event);
    ink.beginPath();
    ink.moveTo(from.x, from.y);
    ink.lineTo(to.x, to.y);
    ink.stroke();
    last.current = to;
  };
  const done = () => {
    if (strokes === 0) return onFailure(t("forms.drawing_empty"));
    onFailure(undefined);
    canvas.current?.toBlob((blob) => {
      if (blob) onDone(new File([blob], "signature.png", { type: "image/png" }));
      else onFailure(t("forms.drawing_unsupported"));
    }, "image/png");
    return undefined;
  };

  return (
    <div role="group" aria-label={label}>
      <canvas
        ref={begin}
        className={styles.pad}
        width={WIDTH * SHARP}
        height={HEIGHT * SHARP}
        // eslint-disable-next-line jsx-a11y/no-interactive-element-to-noninteractive-role -- nothing but pointers draws; the upload beside it is for the keyboard
        role="img"
        aria-label={t("forms.drawing_area")}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture?.(event.pointerId);
          last.current = at(event);
          setStrokes((count) => count + 1);
          draw(event);
        }}
        onPointerMove={draw}
        onPointerUp={() => (last.current = undefined)}
        onPointerCancel={() => (last.current = undefined)}
      />
      <div className={styles.tools}>
        <Button type="primary" loading={sending} onClick={done}>
          {t("forms.drawing_done")}
        </Button>
        <Button
          onClick={() => {
            setStrokes(0);
            begin(canvas.current);
          }}
        >
          {t("forms.drawing_clear")}
        </Button>
        <Button type="text" onClick={onCancel}>
          {t("ui.cancel")}
        </Button>
      </div>
    </div>
  );
}
