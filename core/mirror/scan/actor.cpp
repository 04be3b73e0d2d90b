#include "core/mirror/scan/actor.hpp"

#include "core/platform/base/error.hpp"
#include "core/platform/token/sealing.hpp"

namespace devy::scan {
namespace {

using base::Error;
using base::ErrorKind;

token::SealingKey require_key(const config::Config& config) {
  if (config.mirror.token_key_file.empty())
    throw Error(ErrorKind::config, "unable to act in your name: this server keeps no tokens",
                "Have its operator make a key with `devy-upload config key FILE`, and set "
                "mirror.token_key_file.",
                "token_key_missing");
  return token::SealingKey::from_file(config.mirror.token_key_file);
}

// Sealed for one user: in another one's row it does not open.
std::string purpose_of(std::int64_t github_id) {
  return "mirror_operation/" + std::to_string(github_id);
}

}  // namespace

mirror::Actor seal_actor(const config::Config& config, std::int64_t github_id,
                         const base::Secret& token) {
  return {github_id, require_key(config).seal(token.reveal(), purpose_of(github_id))};
}

base::Secret open_actor(const config::Config& config, const mirror::Actor& actor) {
  if (actor.sealed_token.empty())
    throw Error(ErrorKind::denied,
                "unable to act in the user's name: his token was erased when the operation ended",
                "Let him do it again.", "actor_token_gone");
  return require_key(config).open(actor.sealed_token, purpose_of(actor.github_id));
}

}  // namespace devy::scan
