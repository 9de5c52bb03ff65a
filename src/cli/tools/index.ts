/** The tools by name and action. What an action needs is loaded when it is run. */
import type { ToolAction } from './tool-call.js';

export type { ToolAction, ToolCall } from './tool-call.js';

type Loader = () => Promise<ToolAction>;

export const toolActions: Readonly<Record<string, Readonly<Record<string, Loader>>>> = {
  completion: {
    bash: async () => (await import('./completion.js')).bash,
    zsh: async () => (await import('./completion.js')).zsh,
    fish: async () => (await import('./completion.js')).fish,
    fields: async () => (await import('./completion.js')).fields,
  },
  kafka: {
    topics: async () => (await import('./kafka.js')).topics,
    offsets: async () => (await import('./kafka.js')).offsets,
    lag: async () => (await import('./kafka.js')).lag,
    groups: async () => (await import('./kafka.js')).groups,
  },
  savepoint: {
    take: async () => (await import('./savepoint.js')).take,
    list: async () => (await import('./savepoint.js')).list,
    restore: async () => (await import('./savepoint.js')).restore,
    delete: async () => (await import('./savepoint.js')).delete,
  },
  job: {
    list: async () => (await import('./job.js')).list,
    status: async () => (await import('./job.js')).status,
    stop: async () => (await import('./job.js')).stop,
  },
  state: {
    checkpoints: async () => (await import('./state.js')).checkpoints,
    list: async () => (await import('./state.js')).list,
    show: async () => (await import('./state.js')).show,
    get: async () => (await import('./state.js')).get,
    export: async () => (await import('./state.js')).export,
    edit: async () => (await import('./state-edit.js')).edit,
    diff: async () => (await import('./state.js')).diff,
  },
};
