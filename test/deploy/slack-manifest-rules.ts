import { z } from 'zod';

/**
 * The rules that Slack sets for an app manifest of version 2, for the parts that this app uses: what a manifest may hold and how long it may be.
 * They follow the schema that Slack publishes (slackapi/manifest-schema) and its manifest reference. Keys that Slack knows and we do not use are
 * refused too: whoever adds one adds its rule.
 */
const text = (most: number): z.ZodString => z.string().min(1).max(most);
const url = (most: number): z.ZodString =>
  z
    .string()
    .regex(/^https:\/\//)
    .max(most);
const distinct = <T>(list: z.ZodType<T[]>): z.ZodType<T[]> =>
  list.refine((items) => new Set(items).size === items.length, { error: 'expected each once' });

const scopes = distinct(z.array(text(50)).max(255));

const Manifest = z
  .strictObject({
    _metadata: z.strictObject({ major_version: z.literal(2) }),
    display_information: z.strictObject({
      name: text(35),
      description: text(140),
      background_color: z.string().regex(/^#([0-9a-f]{3}){1,2}$/i),
    }),
    features: z.strictObject({
      app_home: z.strictObject({
        home_tab_enabled: z.boolean(),
        messages_tab_enabled: z.boolean(),
        messages_tab_read_only_enabled: z.boolean(),
      }),
      bot_user: z.strictObject({ display_name: text(80), always_online: z.boolean() }),
      slash_commands: z
        .array(
          z.strictObject({
            command: z.string().regex(/^\//).min(2).max(32),
            description: text(2000),
            usage_hint: text(1000),
            should_escape: z.boolean(),
            url: url(3000).optional(),
          }),
        )
        .min(1)
        .max(50),
      shortcuts: z
        .array(z.strictObject({ type: z.enum(['message', 'global']), name: text(24), callback_id: text(255), description: text(150) }))
        .min(1)
        .max(10),
    }),
    oauth_config: z.strictObject({ scopes: z.strictObject({ bot: scopes, bot_optional: scopes }) }),
    settings: z.strictObject({
      event_subscriptions: z.strictObject({ bot_events: distinct(z.array(text(50)).max(100)), request_url: url(3500).optional() }),
      interactivity: z.strictObject({ is_enabled: z.boolean(), request_url: url(3500).optional() }),
      socket_mode_enabled: z.boolean(),
      org_deploy_enabled: z.boolean(),
      token_rotation_enabled: z.boolean(),
    }),
  })
  .superRefine(({ oauth_config: { scopes: asked }, settings, features }, context) => {
    const refuse = (message: string): void => context.addIssue({ code: 'custom', message });
    for (const scope of asked.bot_optional) if (!asked.bot.includes(scope)) refuse(`${scope} is optional, but not among the bot's scopes`);
    const urls = [
      settings.event_subscriptions.request_url,
      settings.interactivity.request_url,
      ...features.slash_commands.map((command) => command.url),
    ];
    if (!settings.socket_mode_enabled && urls.includes(undefined))
      refuse('without Socket Mode, Slack must be told where to send everything');
    if (settings.socket_mode_enabled && urls.some((one) => one !== undefined)) refuse('with Socket Mode, addresses are not used');
  });

/** What is wrong with a manifest: where and why; empty when nothing is. */
export const wrongWith = (manifest: unknown): string[] =>
  Manifest.safeParse(manifest).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];

/** The scopes that a method of the Web API needs, one of each list; methods that are not named here need none. */
export const METHOD_SCOPES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'chat.postMessage': [['chat:write']],
  'chat.update': [['chat:write']],
  'chat.delete': [['chat:write']],
  'chat.postEphemeral': [['chat:write']],
  'users.info': [['users:read']],
  'users.list': [['users:read']],
  'conversations.info': [['channels:read'], ['groups:read'], ['im:read']],
  'conversations.members': [['channels:read'], ['groups:read']],
  'conversations.history': [['channels:history'], ['groups:history']],
  'conversations.replies': [['channels:history'], ['groups:history']],
  'files.getUploadURLExternal': [['files:write']],
  'files.completeUploadExternal': [['files:write']],
  'usergroups.list': [['usergroups:read']],
  'usergroups.users.list': [['usergroups:read']],
};

/** Methods that need no scope. */
export const FREE_METHODS: readonly string[] = [
  'auth.test',
  'api.test',
  'apps.connections.open',
  'chat.getPermalink',
  'views.open',
  'views.update',
  'views.push',
  'views.publish',
];

/** The scope that Slack delivers an event for. */
export const EVENT_SCOPES: Readonly<Record<string, string | null>> = { app_mention: 'app_mentions:read', app_home_opened: null };
