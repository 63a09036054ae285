// Schemas would be compiled with Function(), which the policy of the pages forbids. This has to run before any schema is made.
import { config } from 'zod/v4/core';

config({ jitless: true });
