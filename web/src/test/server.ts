import { setupServer } from "msw/node";

import { handlers } from "./handlers";

/** Stands in for the server in tests; no part of the product. */
export const server = setupServer(...handlers);
