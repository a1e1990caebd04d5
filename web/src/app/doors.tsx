import { Outlet } from "@tanstack/react-router";

import { Button } from "@/ui";

import styles from "./doors.module.css";
import { useLanguage } from "./locale";

/** What stands before the door, in the language that the browser asked for or in the other one. */
export function Doors() {
  const { locale, change } = useLanguage();
  const other = locale === "en" ? "zh-CN" : "en";
  return (
    <>
      <Outlet />
      <header className={styles.language}>
        <Button type="text" lang={other} onClick={() => change(other)}>
          {other === "en" ? "English" : "简体中文"}
        </Button>
      </header>
    </>
  );
}
