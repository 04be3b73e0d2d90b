#include "core/platform/github/access.hpp"

#include "core/platform/base/ascii.hpp"
#include "core/platform/http/httplib_transport.hpp"

namespace devy::github {
namespace {

std::unique_ptr<http::Transport> real_transport(const config::Config& config) {
  http::TransportOptions options;
  options.ca_file = config.git.ca_file;
  options.connect_timeout = config.github.timeout;
  options.read_timeout = config.github.timeout;
  options.answer_timeout = config.github.timeout * 3;
  options.body_bytes_max = answer_bytes_max;
  return http::make_httplib_transport(options);
}

bool is_name(std::string_view text, std::string_view others) {
  return text != "." && text != ".." && base::is_word_of(text, others);
}

}  // namespace

Access::Access(const config::Config& config, const base::Clock& clock,
               std::unique_ptr<http::Transport> transport)
    : transport_(transport ? std::move(transport) : real_transport(config)),
      client_(*transport_, config.github.api_url, clock) {
  const auto& github = config.github;
  if (github.has_app())
    app_.emplace(github.app_id,
                 token::Signer::from_pem(base::read_secret_document(github.app_key_file).reveal()),
                 client_, clock);
  else token_ = base::read_secret_file(github.token_file);
}

Access::~Access() = default;

const base::Secret& Access::app_bearer() {
  return app_->bearer();
}

const base::Secret& Access::bearer_for(Repository& repository) {
  if (!app_) return token_;
  if (!repository.installation) repository.installation = app_->installation_of(repository.name);
  return app_->installation_bearer(*repository.installation);
}

App::Token Access::reading_token(Repository& repository) {
  if (!repository.installation) repository.installation = app_->installation_of(repository.name);
  return app_->reading_token(*repository.installation);
}

void Access::forget(const Repository& repository) {
  if (app_ && repository.installation) app_->forget(*repository.installation);
}

std::optional<std::string> repository_name(const config::Github& settings, const std::string& url) {
  const auto scheme = url.find("://");
  if (scheme == std::string::npos) return std::nullopt;
  const auto rest = std::string_view(url).substr(scheme + 3);
  const auto slash = rest.find('/');
  if (slash == rest.npos || rest.substr(0, slash) != settings.host) return std::nullopt;
  auto path = rest.substr(slash + 1);
  if (path.ends_with(".git")) path.remove_suffix(4);
  const auto middle = path.find('/');
  if (middle == path.npos || !is_name(path.substr(0, middle), "-_") ||
      !is_name(path.substr(middle + 1), "._-"))
    return std::nullopt;
  return std::string(path);
}

}  // namespace devy::github
