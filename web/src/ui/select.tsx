import { Select as Base, type SelectProps } from "antd";
import { type ReactNode, useLayoutEffect, useRef } from "react";

import { t } from "@/lib/words";

import { Icon } from "./icon";
import styles from "./select.module.css";

type Option = NonNullable<SelectProps["options"]>[number];

interface Below {
  /** What stands below the choices while the list is open. */
  below?: ReactNode;
}

/**
 * The component library's select, as a screen reader can follow it. The list that it opens is a list box without a name
 * (axe: `aria-input-field-name`), and where nothing is found one without a choice, while the field points to one that is
 * not there (`aria-required-children`, `aria-valid-attr-value`). Here it has a name, and what says that nothing was found
 * is a choice that cannot be taken.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as the library has it: a form hands the value through
export function Select<Value = any, Choice extends Option = Option>({ notFoundContent, allowClear, below, ...props }: SelectProps<Value, Choice> & Below) {
  const nothing =
    notFoundContent === null ? null : (
      <div role="option" aria-selected="false" aria-disabled="true" data-nothing className={styles.nothing}>
        {notFoundContent ?? t("ui.no_choices")}
      </div>
    );
  // Its own word for what clears it is English only.
  const clear = allowClear ? { allowClear: { clearIcon: <Icon name="cross" size={12} />, label: t("ui.clear_choice") } } : {};
  // What is wrong is seen as well as heard.
  const wrong = props["aria-invalid"] ? { status: "error" as const } : {};
  return <Base<Value, Choice> {...props} {...wrong} {...clear} notFoundContent={nothing} popupRender={(list) => <Named below={below}>{list}</Named>} />;
}

/** Names the list boxes in it: they are the library's own and take no property for it. */
function Named({ children, below }: Below & { children: ReactNode }) {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    for (const list of element.current?.querySelectorAll("[role=listbox]") ?? []) {
      list.setAttribute("aria-label", t("ui.choices"));
      const pointed = document.querySelector(`[aria-controls="${CSS.escape(list.id)}"]`)?.getAttribute("aria-activedescendant");
      const nothing = list.querySelector("[data-nothing]");
      if (nothing && pointed) nothing.id = pointed;
    }
  });
  return (
    <>
      <div ref={element}>{children}</div>
      {below}
    </>
  );
}
