// The contract as TypeScript: the server's OpenAPI document, read with openapi-typescript.
import { readFile } from "node:fs/promises";

import openapiTS, { astToString } from "openapi-typescript";
import ts from "typescript";

/** The module's text for the OpenAPI document at this path. */
export async function contractSource(path) {
  const contract = JSON.parse(await readFile(path, "utf8"));
  // The client's root is /api/v1 already; paths are written without it in `api.GET("/cases/{id}")`.
  contract.paths = Object.fromEntries(
    Object.entries(contract.paths).map(([path, item]) => [path.replace(/^\/api\/v1/, ""), item]),
  );
  return astToString(await openapiTS(contract, { transform: openObject, silent: true }));
}

/** An object of which the contract says no more (values of a form, arguments of a sentence) holds anything. */
function openObject(schema) {
  const open = schema.type === "object" && !schema.properties && !schema.additionalProperties && !schema.allOf;
  if (!open) return undefined;
  const { createKeywordTypeNode, createTypeReferenceNode } = ts.factory;
  return createTypeReferenceNode("Record", [
    createKeywordTypeNode(ts.SyntaxKind.StringKeyword),
    createKeywordTypeNode(ts.SyntaxKind.UnknownKeyword),
  ]);
}
