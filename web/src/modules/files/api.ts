import { useQuery } from "@tanstack/react-query";

import { ROOT, type Schemas } from "@/api/client";
import { networkProblem, problemOf } from "@/lib/problem";

export type FileView = Pick<Schemas["File"], "id" | "name" | "size" | "media_type">;

/** Where the browser fetches the bytes; the server decides whether it is shown or only saved. */
export const fileAddress = (id: string) => `${ROOT}/files/${id}`;
export const thumbnailAddress = (id: string) => `${ROOT}/files/${id}/thumbnail`;

/** Kinds of pictures that the server makes small pictures of. */
const PICTURES = new Set(["image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"]);
export const hasThumbnail = (file: FileView) => PICTURES.has(file.media_type);

/**
 * Sends the bytes as they are. XMLHttpRequest, since `fetch` tells nothing of what was sent so far.
 * The same `key` makes a repeated upload the same file.
 */
export function upload(file: File, key: string, onProgress: (share: number) => void, signal: AbortSignal): Promise<FileView> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `${ROOT}/files?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
    request.setRequestHeader("Idempotency-Key", key);
    request.responseType = "text";
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    request.onload = () => {
      const body = parse(request.responseText);
      if (request.status < 300) resolve(body as FileView);
      else reject(problemOf(new Response(null, { status: request.status }), body));
    };
    request.onerror = () => reject(networkProblem());
    request.onabort = () => reject(new DOMException("cancelled", "AbortError"));
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    // A proxy's page instead of our answer: the status alone says what happened.
    return undefined;
  }
}

/** What a file is called, where only its id is known: read from the headers of its download. */
export const useFile = (id: string, known: FileView | undefined) =>
  useQuery({
    queryKey: ["files", "file", id],
    queryFn: async ({ signal }): Promise<FileView> => {
      const response = await fetch(fileAddress(id), { method: "HEAD", credentials: "same-origin", signal });
      if (!response.ok) throw problemOf(response, undefined);
      return {
        id,
        name: nameIn(response.headers.get("content-disposition")) ?? id,
        size: Number(response.headers.get("content-length") ?? 0),
        media_type: response.headers.get("content-type") ?? "application/octet-stream",
      };
    },
    ...(known ? { initialData: known } : {}),
    staleTime: Infinity,
  });

function nameIn(disposition: string | null): string | undefined {
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? "")?.[1];
  if (encoded) return decodeURIComponent(encoded);
  return /filename="([^"]+)"/i.exec(disposition ?? "")?.[1];
}
