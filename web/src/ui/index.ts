/** The design layer: all that modules and the app see of it. Heavy controls have files of their own (`ui/date`). */
export { Alert, Button, Checkbox, Drawer, Dropdown, Form, Input, Modal, Radio, Segmented, Select, Switch, Tooltip } from "./controls";
export { ActionButton, useAction, type Action, type Attempt, type Outcome } from "./action";
export { FormPage } from "./form-page";
export { Icon, type IconName } from "./icon";
export { listOf, ListPage, type ListData } from "./list-page";
export { Avatar, Chip, Count, DueMark, type Tone } from "./marks";
export { Doorway, Facts, Page, Section, Tabs } from "./page";
export { RecordPage } from "./record-page";
export { KeyboardHelp, Keys, useShortcuts, type Shortcut } from "./shortcuts";
export { EmptyState, ErrorState, Skeleton } from "./states";
export { useConfirm, useToast, type Question } from "./toast";
