#include "tests/support/test_roles.hpp"

#include "core/github/installation_tokens.hpp"
#include "core/markdown/renderer.hpp"
#include "core/repository/fetch_role.hpp"

namespace devy::testing {

void register_roles() {
  markdown::register_render_role();
  repository::register_fetch_role();
  github::register_token_role();
}

}  // namespace devy::testing
