#pragma once
// The configuration that is read when nobody names one: ./devy-upload.toml, else
// /etc/devy/devy-upload.toml. It says where tokens and passwords are sent, so it is obeyed only
// when nobody but the caller and root can have written it; ssh and git do the same. A file that is
// named
// (--config, DEVY_CONFIG) is the caller's own decision. Private to this folder; any thread.
//
// A clone's files belong to who cloned it, though others wrote them: in a working tree of Git the
// file has to be named, and the folder that `check` reads is never a place of configurations.

#include <sys/stat.h>

#include <optional>
#include <string>

#include "core/platform/base/descriptor.hpp"
#include "core/platform/config/load.hpp"

namespace devy::config {

struct UsualFile {
  std::string path;
  base::Descriptor descriptor;               // open for reading
  std::optional<std::string> shadowed = {};  // the other one, where it is there too
};

// Nothing when there is none. Throws Error(config, "config_foreign") naming a file that may be
// somebody else's.
[[nodiscard]] std::optional<UsualFile> open_usual_file(
    const std::optional<DistrustedFolder>& distrusted);

// Tells for people who else can have written a file of that status: "others can write it"; nothing
// when nobody can.
[[nodiscard]] std::optional<std::string> stranger_of(const struct stat& status);

}  // namespace devy::config
