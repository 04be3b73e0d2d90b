#include "tests/support/test_roles.hpp"

#include "core/markdown/renderer.hpp"

namespace devy::testing {

void register_roles() {
  markdown::register_render_role();
}

}  // namespace devy::testing
