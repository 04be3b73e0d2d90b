#include "core/platform/pg/conninfo.hpp"

#include <libpq-fe.h>

#include <array>
#include <cstdlib>
#include <map>
#include <memory>
#include <sstream>

#include "core/platform/base/closest_name.hpp"
#include "core/platform/base/conninfo_quoted.hpp"
#include "core/platform/base/error.hpp"

namespace devy::pg {
namespace {

// Those of libpq's variables that name a server; a password alone does not.
constexpr std::array<const char*, 5> server_variables{"PGHOST", "PGHOSTADDR", "PGPORT", "PGSERVICE",
                                                      "PGDATABASE"};

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};
using Options = std::unique_ptr<PQconninfoOption, FreeOptions>;

using Values = std::map<std::string, std::string, std::less<>>;

std::vector<std::string> option_names() {
  std::vector<std::string> names;
  const Options options(PQconndefaults());
  if (!options) throw std::bad_alloc();
  for (const auto* option = options.get(); option->keyword != nullptr; ++option)
    names.emplace_back(option->keyword);
  return names;
}

// libpq's own words quote the text, and that may be a password; an option's name is none.
std::string cause_of(std::string_view fault) {
  constexpr std::string_view unknown = "connection option \"";
  constexpr std::string_view unknown_in_address = "URI query parameter: \"";
  for (const auto before : {unknown, unknown_in_address}) {
    const auto at = fault.find(before);
    if (at == fault.npos) continue;
    const auto rest = fault.substr(at + before.size());
    const std::string name(rest.substr(0, rest.find('"')));
    const auto known = option_names();
    const auto near = base::closest_name(name, known);
    return "it has no option '" + name + "'" +
           (near ? ", did you mean '" + std::string(*near) + "'?" : "");
  }
  if (fault.find("unterminated quoted") != fault.npos) return "a quote in it is not closed";
  if (fault.find("missing \"=\"") != fault.npos) return "a word in it has no '='";
  return "it is neither `key=value …` nor a postgresql:// address";
}

Options read_options(const std::string& conninfo, std::string& cause) {
  char* fault = nullptr;
  Options options(PQconninfoParse(conninfo.c_str(), &fault));
  if (!options) cause = cause_of(fault == nullptr ? "" : fault);
  PQfreemem(fault);
  return options;
}

Values parse(const std::string& conninfo) {
  std::string cause;
  const auto options = read_options(conninfo, cause);
  if (!options)
    throw base::Error(base::ErrorKind::config, "unable to read the database's conninfo: " + cause,
                      "It must be `key=value …` or a postgresql:// address.", "conninfo");
  Values values;
  for (const auto* option = options.get(); option->keyword != nullptr; ++option)
    if (option->val != nullptr && *option->val != '\0') values[option->keyword] = option->val;
  return values;
}

// Reads variables only: libpq finds its built-in defaults in the other process as well.
Values from_environment() {
  Values values;
  const Options options(PQconndefaults());
  if (!options) throw std::bad_alloc();
  for (const auto* option = options.get(); option->keyword != nullptr; ++option) {
    const char* variable = option->envvar != nullptr ? std::getenv(option->envvar) : nullptr;
    if (variable != nullptr && *variable != '\0') values[option->keyword] = variable;
  }
  return values;
}

// A folder of sockets, an abstract socket, or this machine's own loopback.
bool is_local(std::string_view host) {
  return host.empty() || host.starts_with('/') || host.starts_with('@') || host == "localhost" ||
         host.starts_with("127.") || host == "::1";
}

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

std::string complete_conninfo(const std::string& conninfo) {
  auto values = parse(conninfo);
  const auto environment = from_environment();
  // For libpq, a service takes precedence over variables but not over the text; as text, the
  // variables would override it.
  const bool has_service = values.contains("service") || environment.contains("service");
  for (const auto& [key, value] : environment)
    if (!has_service || key.starts_with("service") || key.starts_with("pass"))
      values.try_emplace(key, value);
  std::string text;
  for (const auto& [key, value] : values)
    text += (text.empty() ? "" : " ") + key + "=" + base::conninfo_quoted(value);
  return text;
}

std::optional<std::string> conninfo_fault(const std::string& conninfo) {
  std::string cause;
  if (read_options(conninfo, cause)) return std::nullopt;
  return cause;
}

bool holds_password(const std::string& conninfo) {
  std::string cause;
  return read_options(conninfo, cause) && parse(conninfo).contains("password");
}

std::vector<std::string> unverified_hosts(const std::string& conninfo) {
  auto values = parse(conninfo);
  values.merge(from_environment());
  if (values["sslmode"] == "verify-full") return {};
  // An address decides where the connection goes, whatever host name is given with it.
  std::istringstream list(values["hostaddr"].empty() ? values["host"] : values["hostaddr"]);
  std::vector<std::string> hosts;
  for (std::string host; std::getline(list, host, ',');)
    if (!is_local(host)) hosts.push_back(host);
  return hosts;
}

}  // namespace devy::pg
