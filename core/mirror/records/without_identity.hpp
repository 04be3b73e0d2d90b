#pragma once
// The part of a repository's document that its own secret is believed in. Pure; any thread.

#include "core/mirror/records/record.hpp"

namespace devy::records {

// Returns the record without what says who the repository is: its name, its owner, where it was
// forked from. GitHub is asked for that. It may say that it is private, and not that it is public.
[[nodiscard]] Record without_identity(Record repository);

}  // namespace devy::records
