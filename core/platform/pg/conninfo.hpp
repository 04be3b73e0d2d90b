#pragma once
// Determines the PostgreSQL server that a program uses (cli.md, "Precedence"). Opens no connection.
// resolve_conninfo throws only Error(unavailable, "database_unavailable"), when nothing names a
// server and no private cluster runs.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/config/load.hpp"

namespace devy::pg {

struct Conninfo {
  std::string text;    // for pg::Connection::open; empty: libpq's environment determines everything
  std::string origin;  // "--db", "DEVY_DB", "PGHOST", "devy-upload.toml", "private cluster"
};

// Reads a variable of the process; empty ones count as absent.
using Environment = std::function<std::optional<std::string>(const char*)>;

// Finds a running private cluster. Called last, and only when nothing else names a server.
using FindCluster = std::function<std::optional<std::string>()>;

[[nodiscard]] Conninfo resolve_conninfo(const std::optional<std::string>& flag,
                                        const Environment& environment,
                                        const config::Loaded& loaded,
                                        const FindCluster& find_cluster);

// Returns a conninfo for the same server that works in a process without our environment: values
// that libpq would take from its own variables (including a password) are added to the text. Where
// a service is named, its file still decides. Throws Error(config) for an invalid conninfo.
[[nodiscard]] std::string complete_conninfo(const std::string& conninfo);

// Tells why libpq cannot read a text, and nothing when it can. It quotes no more of it than the
// name of an option that does not exist: the text may hold a password.
[[nodiscard]] std::optional<std::string> conninfo_fault(const std::string& conninfo);

// Tells whether the text itself holds a password. False for one that cannot be read.
[[nodiscard]] bool holds_password(const std::string& conninfo);

// Returns the hosts on other machines that are accepted without a certificate for their name, as
// every sslmode but verify-full does. libpq's variables are considered; the contents of a service
// file are not known here.
[[nodiscard]] std::vector<std::string> unverified_hosts(const std::string& conninfo);

}  // namespace devy::pg
