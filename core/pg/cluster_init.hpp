#pragma once
// Making a private cluster's folders and files. Only private_cluster's files use this, under the
// cluster's lock. Throws Error(unavailable) with code database_init_failed.

#include "core/pg/cluster_programs.hpp"
#include "core/pg/private_cluster.hpp"

#include <string>

namespace devy::pg {

// The folder around the data folder. Root keeps it: a server's user that could rename the data
// folder could make root write elsewhere. Others may pass through it, and find nothing to enter.
void make_base_directory(const std::string& path, const ServerUser& user);

// Belongs to the server's user, who alone (and root) may enter.
void make_private_directory(const std::string& path, const ServerUser& user);

// initdb, who may connect, settings, database: in a folder beside `data_directory` that takes its
// name when all is done, so that a killed start leaves nothing half made.
void init_cluster(const ClusterPaths& paths, const ClusterOptions& options, const ServerUser& user);

// One line of a program's many: "a; b; c".
[[nodiscard]] std::string joined_lines(const std::string& text);

}  // namespace devy::pg
