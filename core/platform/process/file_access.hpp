#pragma once
// Restricts by Landlock which files this process may open, for good: what parses untrusted input
// has no business with the service's secrets. It complements confinement.hpp, whose filter sees a
// call's flags and not its path. Where the kernel has no Landlock nothing happens (Linux
// before 5.13, or a system that has it switched off).
//
// Call it before there are other threads; those that begin later are restricted, too. What is open
// already stays open. A second call can only take more away.

#include <string>
#include <vector>

namespace devy::process {

struct FileAccess {
  // Files, or folders with all that is in them. Those that do not exist are passed over.
  std::vector<std::string> readable;
  std::vector<std::string> writable;  // readable, too
};

// The files that programs and their libraries read wherever they run: themselves, and time zones.
[[nodiscard]] std::vector<std::string> files_of_programs();
// The files that finding and trusting a server takes: names, and certificate authorities.
[[nodiscard]] std::vector<std::string> files_of_the_network();

// Tells whether this kernel has Landlock and this build uses it (can_confine()).
[[nodiscard]] bool can_restrict_files();

// Returns an empty text, or why it failed; does nothing when can_restrict_files() is false.
[[nodiscard]] std::string restrict_files(const FileAccess& access);

}  // namespace devy::process
