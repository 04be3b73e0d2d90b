#include "tests/support/process/test_roles.hpp"

#include "core/platform/git/fetch_role.hpp"
#include "core/platform/github/installation_tokens.hpp"
#include "core/publishing/rendering/renderer.hpp"

namespace devy::testing {

void register_roles() {
  rendering::register_render_role();
  git::register_fetch_role();
  github::register_token_role();
}

}  // namespace devy::testing
