#include "cli/conninfo.hpp"

#include <array>

#include "core/base/error.hpp"

namespace devy::cli {
namespace {

// Those of libpq's variables that name a server; a password alone names none.
constexpr std::array<const char*, 5> server_variables{"PGHOST", "PGHOSTADDR", "PGPORT", "PGSERVICE",
                                                      "PGDATABASE"};

}  // namespace

Conninfo resolve_conninfo(const std::optional<std::string>& flag, const Environment& environment,
                          const config::Loaded& loaded, const FindCluster& find_cluster) {
  if (flag) return {*flag, "--db"};
  if (auto text = environment("DEVY_DB")) return {*std::move(text), "DEVY_DB"};

  // load() has applied the configuration's own variables; they are above libpq's, the file below.
  const auto& configured = loaded.config.database.conninfo;
  const auto origin = loaded.origins.find("database.conninfo");
  const bool is_from_variable =
      origin != loaded.origins.end() && origin->second.starts_with("DEVY_");
  if (!configured.empty() && is_from_variable) return {configured, origin->second};

  for (const char* name : server_variables)
    if (environment(name)) return {"", name};
  if (!configured.empty()) return {configured, loaded.file.value_or("configuration")};
  if (auto text = find_cluster()) return {*std::move(text), "private cluster"};
  throw base::Error(base::ErrorKind::unavailable,
                    "unable to find a database: none is configured and no private one runs",
                    "Run `devy-upload db start` to start a private PostgreSQL, or name a server "
                    "with --db, DEVY_DB or database.conninfo.",
                    "database_unavailable");
}

}  // namespace devy::cli
