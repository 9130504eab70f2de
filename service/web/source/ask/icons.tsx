// The few signs of the interface, drawn here so that nothing is fetched. They say nothing to a screen reader.

const PATHS = {
  answered: "M3 8.5l3.2 3.2L13 5",
  unproven: "M8 3v6M8 12.2v.3",
  partial: "M8 2.5a5.5 5.5 0 1 0 0 11zM8 2.5a5.5 5.5 0 0 1 0 11",
  conflict: "M2.5 5.5h10M10 3l2.5 2.5L10 8M13.5 10.5h-10M6 8l-2.5 2.5L6 13",
  unanswerable: "M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11M4.2 4.2l7.6 7.6",
  copy: "M5.5 5.5h7v8h-7zM10.5 5.5v-3h-7v8h2",
  link: "M6.5 9.5l3-3M5 7.5L3.2 9.3a2.5 2.5 0 0 0 3.5 3.5L8.5 11M7.5 5l1.8-1.8a2.5 2.5 0 0 1 3.5 3.5L11 8.5",
  again: "M13 8a5 5 0 1 1-1.6-3.7M13 2.5v3h-3",
  stop: "M4.5 4.5h7v7h-7z",
  send: "M8 13V3M3.8 7.2L8 3l4.2 4.2",
  close: "M4 4l8 8M12 4l-8 8",
  menu: "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
  save: "M8 2.5v7.5M4.8 7L8 10.2 11.2 7M3 13.5h10",
  plus: "M8 3v10M3 8h10",
  bin: "M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.6 9h5.8l.6-9",
  up: "M5 7.5v5.5H2.8V7.5zM5 7.5L7.7 2.5c1.2 0 1.7.9 1.4 2L8.6 6.5h3.3c1 0 1.6.8 1.4 1.7l-.9 3.6c-.2.7-.8 1.2-1.5 1.2H5",
  down: "M5 8.5V3H2.8v5.5zM5 8.5l2.7 5c1.2 0 1.7-.9 1.4-2l-.5-2h3.3c1 0 1.6-.8 1.4-1.7l-.9-3.6C12.2 3.5 11.6 3 10.9 3H5",
  chat: "M2.5 3.5h11v7.5H8l-3 2.5V11H2.5z",
  light: "M8 5.2a2.8 2.8 0 1 0 0 5.6a2.8 2.8 0 1 0 0-5.6M8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9",
  dark: "M13 9.6A5.5 5.5 0 1 1 6.4 3a4.4 4.4 0 0 0 6.6 6.6z",
} as const;

export type IconName = keyof typeof PATHS;

export const Icon = ({ name }: { name: IconName }) => (
  <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
    <path d={PATHS[name]} />
  </svg>
);
