#include "tests/support/test_roles.hpp"

namespace devy::testing {

void register_roles() {}

}  // namespace devy::testing
