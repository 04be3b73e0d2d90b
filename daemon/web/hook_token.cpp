#include "daemon/web/hook_token.hpp"

#include <array>
#include <utility>

#include "core/platform/base/error.hpp"
#include "core/platform/token/sealing.hpp"
#include "core/platform/web/github_login.hpp"

namespace devy::daemon {

std::optional<base::Secret> hook_token(const Visit& visit) {
  if (visit.visitor == nullptr) return std::nullopt;
  return hook_token(visit.connection, visit.config.web, visit.visitor->session_id);
}

std::optional<base::Secret> hook_token(pg::Connection& connection, const config::Web& settings,
                                       const std::string& session_id) {
  if (settings.key_file.empty()) return std::nullopt;
  const auto key = token::SealingKey::from_file(settings.key_file);
  try {
    return web::gained_token(connection, web::SessionId::trusted(session_id), key);
  } catch (const base::Error& error) {
    if (error.code() != "seal_broken") throw;
    return std::nullopt;
  }
}

std::string hook_token_obstacle(const config::Web& web) {
  const std::array<std::pair<std::string_view, const std::string*>, 4> needed{
      {{"web.url", &web.url},
       {"web.client_id", &web.client_id},
       {"web.client_secret_file", &web.client_secret_file},
       {"web.key_file", &web.key_file}}};
  std::string missing;
  for (const auto& [name, value] : needed)
    if (value->empty()) missing += (missing.empty() ? "" : ", ") + std::string(name);
  if (missing.empty()) return {};
  return "This site cannot ask GitHub for the right to install webhooks: its operator has not "
         "set " +
         missing + ".";
}

html::Url hook_login_url(const std::string& next) {
  return html::own_url({"login", "github"}, {{"for", "hooks"}, {"next", next}});
}

}  // namespace devy::daemon
