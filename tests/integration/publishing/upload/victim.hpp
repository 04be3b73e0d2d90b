#pragma once
// A worker in a process of its own that kills itself, or is killed, in the middle of an upload:
// this test program, playing a child role. One thread.

#include <string>

#include "core/platform/base/id.hpp"
#include "core/platform/process/child.hpp"

namespace devy::upload {

struct VictimOrder {
  std::string conninfo, runtime_directory;
  base::UploadId upload;
  std::string step;           // dies by SIGKILL when this step is reported; empty: only when killed
  bool is_in_middle = false;  // … after the first piece of its work instead
};

// Starts it with its order.
[[nodiscard]] process::Child start_victim(const VictimOrder& order);

}  // namespace devy::upload
