/** A remedy as people may ask for it by name. It is handed in, so that `slack/` knows no remedies. */
export interface RemedyKind {
  /** As it is typed: `restart-coredns`. */
  id: string;
  title: string;
  /** When it helps, one sentence. */
  helps: string;
  /** Of each parameter: what it means. Left out: it has none. */
  paramHelp?: Readonly<Record<string, string>>;
  /** What is wrong with these parameters, one sentence; null: nothing. Left out: it shows when the plan is made. */
  wrong?: (params: Readonly<Record<string, string>>) => string | null;
}
