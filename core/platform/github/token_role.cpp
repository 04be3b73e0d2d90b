#include <sys/prctl.h>

#include "core/platform/github/access.hpp"
#include "core/platform/github/installation_tokens.hpp"
#include "core/platform/github/token_message.hpp"
#include "core/platform/process/child.hpp"

// The child's side of installation_tokens.hpp: the process that holds the App's key, for as long as
// one token takes.

namespace devy::github {
namespace {

int play(process::Parent& parent) {
  constexpr int broken_order = 65;
  // Other processes of the same user must not read this process's memory.
  prctl(PR_SET_DUMPABLE, 0);
  const auto frame = parent.receive(token_frame_bytes_max);
  if (!frame) return broken_order;
  const auto order = parse_token_order(*frame);
  try {
    Access access(order.config, base::system_clock());
    Repository repository{order.repository, std::nullopt, order.github_id};
    auto token = access.reading_token(repository);
    parent.send(to_frame(TokenAnswer(GivenToken{std::move(token.secret), token.ends_at})));
  } catch (const base::Error& error) {
    parent.send(to_frame(TokenAnswer(error)));
  }
  return 0;
}

}  // namespace

void register_token_role() {
  process::register_role("github_token", play, process::Confinement::fetches);
}

}  // namespace devy::github
