/** The design layer: all that modules and the app see of it. Heavy controls have files of their own (`ui/date`). */
export { Alert, Button, Cascader, Checkbox, Form, Input, Radio, Rate, Segmented, Select, Switch } from "./controls";
export { ActionButton, useAction, type Action, type Attempt, type Outcome } from "./action";
export { useAsked, useConfirm, type Question } from "./confirm";
export { FileDrop } from "./file-drop";
export { Filter } from "./filter";
export { FormDialog } from "./form-dialog";
export { FormPage } from "./form-page";
export { Icon, type IconName } from "./icon";
export { listOf, ListPage, type Choice, type ListData } from "./list-page";
export { Avatar, Chip, Count, type Tone } from "./marks";
export { Doorway, Facts, Hint, Page, Section, Tabs } from "./page";
export { MenuButton, type MenuItem } from "./menu-button";
export { Modal, Panel } from "./overlays";
export { RecordPage } from "./record-page";
export { Change, FramedRows, Meta, RowLine, RowWords } from "./rows";
export { Keys, useShortcuts, type Shortcut } from "./shortcuts";
export { EmptyState, ErrorState, Skeleton } from "./states";
export { useToast } from "./toast";
