/**
 * The moves of an order's life, pure: the order as it stands goes in, and out comes how it stands then with its line for the audit, or why it
 * stays. Whoever keeps orders (the queue, the terminal's file) writes both together.
 */
export { approve, type By, decline, request } from './asked.ts';
export { begin, expire, finish, keepBefore, refuse, setRun } from './done.ts';
export { type Act, isOverdue, wishOf } from './move.ts';
export { askUndo, beginUndo, finishUndo, isUndoable, swept } from './undone.ts';
