#pragma once
// A user's own token of GitHub, for the two things that only he may have done: switching webhooks,
// and listing his repositories (mirror.md, section 7). It lies in the operation's row, sealed under
// mirror.token_key_file, until the operation has ended; no error and no log names it.
//
// Pure but for reading the key file; any thread.

#include <cstdint>

#include "core/mirror/store/operation_store.hpp"
#include "core/platform/base/secret.hpp"
#include "core/platform/config/config.hpp"

namespace devy::scan {

// Seals a token for an operation that is to be recorded. Throws Error(config): "token_key_missing"
// where no key file is configured, "key_file_unusable".
[[nodiscard]] mirror::Actor seal_actor(const config::Config& config, std::int64_t github_id,
                                       const base::Secret& token);
// Opens it again. Throws the same, Error(config, "seal_broken") when the key is another one by now,
// and Error(denied, "actor_token_gone") of an operation that had ended and was replayed.
[[nodiscard]] base::Secret open_actor(const config::Config& config, const mirror::Actor& actor);

}  // namespace devy::scan
