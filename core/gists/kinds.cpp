#include "core/gists/kinds.hpp"

#include "core/gists/store/user_store.hpp"

namespace devy::gists {

std::map<std::string, std::string> subjects(pg::Connection& connection,
                                            const std::vector<std::string>& operations) {
  std::map<std::string, std::string> found;
  for (const auto& [id, login] : logins_of(connection, operations))
    found.emplace(id, "gists of " + login);
  return found;
}

}  // namespace devy::gists
