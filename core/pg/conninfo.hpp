#pragma once
// Which PostgreSQL a program talks to (cli.md, "Precedence"). Knows no connection; throws only
// Error(unavailable, "database_unavailable") when nothing names a server and none of ours runs.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/config/load.hpp"

namespace devy::pg {

struct Conninfo {
  std::string text;    // for pg::Connection::open; empty: libpq's environment says it all
  std::string origin;  // "--db", "DEVY_DB", "PGHOST", "devy-upload.toml", "private cluster"
};

// A variable of the process; empty ones count as absent.
using Environment = std::function<std::optional<std::string>(const char*)>;

// Called last, only when nothing else names a server.
using FindCluster = std::function<std::optional<std::string>()>;

[[nodiscard]] Conninfo resolve_conninfo(const std::optional<std::string>& flag,
                                        const Environment& environment,
                                        const config::Loaded& loaded,
                                        const FindCluster& find_cluster);

// The same server for a process that has not our environment: what libpq would take from its own
// variables (a password too) is put into the text. Where a service is named, its file goes on
// deciding. Throws Error(config) for a text that is no conninfo.
[[nodiscard]] std::string complete_conninfo(const std::string& conninfo);

// Its hosts on other machines that are believed without a certificate in their name: by any sslmode
// but verify-full. libpq's variables are heard too; what a service's file says is not known here.
[[nodiscard]] std::vector<std::string> unverified_hosts(const std::string& conninfo);

}  // namespace devy::pg
