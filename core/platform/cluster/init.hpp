#pragma once
// Creates the folders and files of a private cluster. Only private_cluster's files use this, while
// they hold the cluster's lock. Throws Error(unavailable) with code database_init_failed.

#include "core/platform/cluster/private_cluster.hpp"
#include "core/platform/cluster/programs.hpp"

#include <string>

namespace devy::cluster {

// Creates the folder around the data folder. It belongs to root: a server's user that could rename
// the data folder could make root write elsewhere. Other users may pass through it, but cannot
// enter what is inside.
void make_base_directory(const std::string& path, const ServerUser& user);

// Creates a folder that belongs to the server's user; only that user and root may enter.
void make_private_directory(const std::string& path, const ServerUser& user);

// Runs initdb and writes the access rules, the settings and the database, in a folder beside
// `data_directory` that is renamed to it at the end, so that a killed start leaves nothing
// incomplete.
void init_cluster(const ClusterPaths& paths, const ClusterOptions& options, const ServerUser& user);

// Joins the many lines of a program's output into one: "a; b; c".
[[nodiscard]] std::string joined_lines(const std::string& text);

}  // namespace devy::cluster
