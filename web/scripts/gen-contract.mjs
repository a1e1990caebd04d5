// The contract as TypeScript: the server's OpenAPI document, read with openapi-typescript.
import { readFile } from "node:fs/promises";

import openapiTS, { astToString } from "openapi-typescript";
import ts from "typescript";

/** The module's text for the OpenAPI document at this path. */
export async function contractSource(path) {
  const contract = repaired(JSON.parse(await readFile(path, "utf8")));
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

/**
 * Known quirks of the document, which a reader of OpenAPI stumbles over; each does nothing once the server has mended it.
 * 1. Two operations share an id: the later one gets a number.
 * 2. A parameter refers to a schema that is not there: it is text.
 * 3. Two types are called `Named`: in the views of accounts it is a person's name.
 */
function repaired(contract) {
  const { schemas } = contract.components;
  const seen = new Map();
  for (const item of Object.values(contract.paths)) {
    for (const operation of Object.values(item)) {
      const count = (seen.get(operation.operationId) ?? 0) + 1;
      seen.set(operation.operationId, count);
      if (count > 1) operation.operationId += `_${count}`;
      for (const parameter of operation.parameters ?? []) {
        const name = parameter.schema?.$ref?.split("/").at(-1);
        if (name && !(name in schemas)) parameter.schema = { type: "string" };
      }
    }
  }
  for (const view of ["Me", "SignInRow", "Page_SignInRow", "AccountView", "Page_AccountView", "AccountOpened"]) {
    if (!(view in schemas) || !("PersonName" in schemas)) continue;
    const text = JSON.stringify(schemas[view]).replaceAll('"#/components/schemas/Named"', '"#/components/schemas/PersonName"');
    schemas[view] = JSON.parse(text);
  }
  return contract;
}
