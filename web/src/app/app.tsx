import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";

import { LanguageProvider } from "./locale";
import { createQueries } from "./queries";
import { createAppRouter } from "./router";

const queries = createQueries();
const router = createAppRouter(queries);

/** The whole client: data, language and look, pages. */
export function App() {
  return (
    <QueryClientProvider client={queries}>
      <LanguageProvider>
        <RouterProvider router={router} />
      </LanguageProvider>
    </QueryClientProvider>
  );
}
