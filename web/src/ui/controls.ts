/** The component library's controls that modules may use as they are. Each has our tokens through `UiProvider`. */
export { Button, Checkbox, Form, Input, Cascader, Radio, Rate, Segmented, Switch, Alert } from "antd";
export { Select } from "./select";
