#pragma once
// Shared by the calls of the system that a storage makes. Private to this folder; any
// thread.

#include <string>

#include "core/platform/base/descriptor.hpp"
#include "core/platform/base/sha256.hpp"

namespace devy::storage {

// Throws the error of a call that failed, by errno: "unable to <what>: No space left on device".
[[noreturn]] void throw_failed(const std::string& what);

// Opens a file or folder below another one, following no link. Throws what throw_failed throws.
[[nodiscard]] base::Descriptor open_below(int folder, const std::string& name, int flags,
                                          unsigned mode = 0);
void sync_folder(int folder);
// Locks an open file against all other openings of it; the kernel frees it with the descriptor.
// False when another one has it.
[[nodiscard]] bool lock_file(const base::Descriptor& file);
// Makes it where it is missing, and says whether it was.
bool make_folder(int folder, const std::string& name, unsigned mode);

}  // namespace devy::storage
