#pragma once
// Which PostgreSQL a command talks to (cli.md, "Precedence"). Knows no connection; throws only
// Error(unavailable, "database_unavailable") when nothing names a server and none of ours runs.

#include <functional>
#include <optional>
#include <string>

#include "cli/terminal.hpp"
#include "core/config/load.hpp"

namespace devy::cli {

struct Conninfo {
  std::string text;    // for pg::Connection::open; empty: libpq's environment says it all
  std::string origin;  // "--db", "DEVY_DB", "PGHOST", "devy-upload.toml", "private cluster"
};

// Called last, only when nothing else names a server.
using FindCluster = std::function<std::optional<std::string>()>;

[[nodiscard]] Conninfo resolve_conninfo(const std::optional<std::string>& flag,
                                        const Environment& environment,
                                        const config::Loaded& loaded,
                                        const FindCluster& find_cluster);

}  // namespace devy::cli
