import { readFileSync } from "node:fs";

import importX from "eslint-plugin-import-x";
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import globals from "globals";
import tseslint from "typescript-eslint";

const tiers = JSON.parse(readFileSync(new URL("./eslint.zones.gen.json", import.meta.url), "utf8"));

/** app → modules → {ui, lib, api}; ui → {lib}; api → {lib}. */
const layers = [
  { target: "./src/modules", from: "./src/app", message: "app → modules, never back" },
  { target: "./src/ui", from: ["./src/app", "./src/modules", "./src/api"], message: "ui knows no module and no contract" },
  { target: "./src/lib", from: ["./src/app", "./src/modules", "./src/ui", "./src/api"], message: "lib is the floor" },
  { target: "./src/api", from: ["./src/app", "./src/modules", "./src/ui"], message: "api → lib only" },
];

export default tseslint.config(
  { ignores: ["dist", "src/api/*.gen.ts"] },
  { files: ["scripts/**", "*.js"], languageOptions: { globals: globals.node } },
  {
    files: ["src/**/*.{ts,tsx}"],
    extends: [...tseslint.configs.recommendedTypeChecked, jsxA11y.flatConfigs.strict],
    plugins: { "react-hooks": reactHooks, "import-x": importX },
    languageOptions: {
      globals: globals.browser,
      parserOptions: { project: "./tsconfig.json", tsconfigRootDir: import.meta.dirname },
    },
    settings: {
      "import-x/resolver-next": [
        importX.createNodeResolver({
          extensions: [".ts", ".tsx", ".js"],
          alias: { "@": [new URL("./src", import.meta.url).pathname] },
        }),
      ],
    },
    rules: {
      ...reactHooks.configs.recommended.rules,
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-console": "error",
      "import-x/no-restricted-paths": ["error", { basePath: import.meta.dirname, zones: [...layers, ...tiers] }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
    },
  },
  {
    // The component library is named in the design layer only; its own words are loaded with ours.
    files: ["src/app/**", "src/modules/**", "src/lib/**", "src/api/**"],
    ignores: ["src/app/words/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [{ group: ["antd", "antd/*", "@ant-design/*"], message: "Use src/ui; only the design layer names Ant Design." }] },
      ],
    },
  },
  {
    // Tests stand beside what they test and open whole pages.
    files: ["src/**/*.test.{ts,tsx}", "src/test/**"],
    rules: { "import-x/no-restricted-paths": "off" },
  },
);
