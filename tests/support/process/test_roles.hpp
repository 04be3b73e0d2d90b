#pragma once
// The roles a test program can play as a child: those of the real programs. A test file adds its
// own with a process::register_role() in a static initializer.

namespace devy::testing {

void register_roles();

}  // namespace devy::testing
