// The main of every test program: first it may have to play a child of itself
// (platform/process/child.hpp).
#include <gtest/gtest.h>

#include "core/platform/process/child.hpp"
#include "tests/support/process/test_roles.hpp"

int main(int argc, char** argv) {
  devy::testing::register_roles();
  if (const auto status = devy::process::run_child_role(argc, argv)) return *status;
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
