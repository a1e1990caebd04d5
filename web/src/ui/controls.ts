/** The component library's controls that modules may use as they are. Each has our tokens through `UiProvider`. */
export { Button, Checkbox, Drawer, Dropdown, Form, Input, Modal, Radio, Select, Segmented, Switch, Tooltip, Alert } from "antd";
