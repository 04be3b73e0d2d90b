#pragma once
// The child roles that publishing plays: fetching, rendering, and asking for tokens.

namespace devy::upload {

// Makes this program able to play them; main calls it before its main work.
void register_child_roles();

}  // namespace devy::upload
