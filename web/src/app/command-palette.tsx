import { useNavigate } from "@tanstack/react-router";
import { useDeferredValue, useState } from "react";

import { useMe } from "@/modules/access/api";
import { usePeople } from "@/modules/directory/api";
import { whereabouts } from "@/modules/directory/parts/person-picker";
import { useFlows, useTasks } from "@/modules/workflow/api";
import { t, text } from "@/lib/words";
import { type Command, Palette } from "@/ui/palette";

import { allPlaces } from "./places";

const FEW = 5;

/** Ctrl/Cmd+K: pages, forms to start, what waits for me, people. */
export function CommandPalette({ onClose }: { onClose: () => void }) {
  const [query, setQuery] = useState("");
  const q = useDeferredValue(query.trim());
  const navigate = useNavigate();
  const me = useMe();
  const flows = useFlows().data?.items ?? [];
  const tasks = useTasks({ q: q || undefined });
  const people = usePeople({ q }, q !== "" && me?.external === false);

  const fits = (words: string) => words.toLowerCase().includes(q.toLowerCase());
  const places: Command[] = (me ? allPlaces(me) : [])
    .filter((place) => fits(place.label))
    .map((place) => ({ id: place.to, label: place.label, hint: t("app.page"), icon: place.icon, run: () => void navigate({ href: place.to }) }));
  const starts: Command[] = flows
    .filter((flow) => fits(text(flow.name)))
    .slice(0, FEW)
    .map((flow) => ({
      id: `flow-${flow.id}`,
      label: text(flow.name),
      hint: t("app.start"),
      icon: "start",
      run: () => void navigate({ to: "/start/$flow", params: { flow: flow.id } }),
    }));
  const waiting: Command[] = (tasks.data?.pages[0]?.items ?? []).slice(0, FEW).map((task) => ({
    id: `task-${task.id}`,
    label: `${text(task.title)} ${task.number}`,
    hint: t("app.inbox"),
    icon: "inbox",
    run: () => void navigate({ to: "/inbox/$list/{-$id}", params: { list: "waiting", id: task.case_id }, search: {} }),
  }));
  const found: Command[] = (q ? (people.data?.pages[0]?.items ?? []) : []).slice(0, FEW).map((person) => ({
    id: `person-${person.id}`,
    label: person.name,
    hint: whereabouts(person),
    icon: "person",
    run: () => void navigate({ to: "/people", search: { person: person.id } }),
  }));

  return (
    <Palette
      onClose={onClose}
      query={query}
      onQuery={setQuery}
      commands={q ? [...places, ...starts, ...waiting, ...found] : [...waiting, ...places, ...starts]}
      searching={tasks.isFetching || people.isFetching}
    />
  );
}
