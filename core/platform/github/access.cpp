#include "core/platform/github/access.hpp"

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/config/token_scope.hpp"
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
      client_(*transport_, config.github.api_url, clock),
      token_for_(config.github.token_for) {
  const auto& github = config.github;
  if (github.has_app())
    app_.emplace(github.app_id,
                 token::Signer::from_pem(base::read_secret_document(github.app_key_file).reveal()),
                 client_, clock);
  else if (!github.token_file.empty()) token_ = base::read_secret_file(github.token_file);
}

Access::~Access() = default;

const base::Secret& Access::app_bearer() {
  return app_->bearer();
}

bool Access::is_for(const std::string& name) const {
  return app_ || (!token_.empty() && config::is_in_token_scope(token_for_, name));
}

InstalledRepository Access::installed(Repository& repository) {
  if (!repository.github_id) throw unbound(repository.name);
  if (!repository.installation) repository.installation = app_->installation_of(repository.name);
  return {*repository.installation, *repository.github_id};
}

const base::Secret& Access::bearer_for(Repository& repository) {
  if (app_) return app_->repository_bearer(installed(repository));
  if (!is_for(repository.name))
    throw base::Error(base::ErrorKind::denied,
                      "unable to ask GitHub about " + base::in_quotes(repository.name) +
                          ": the token is for other repositories",
                      "Name its owner in github.token_for if the token is for it.",
                      "token_for_others");
  return token_;
}

const base::Secret* Access::asking_bearer(Repository& repository) {
  if (!app_) return is_for(repository.name) ? &token_ : nullptr;
  if (repository.github_id) return &app_->repository_bearer(installed(repository));
  if (!repository.installation) repository.installation = app_->installation_of(repository.name);
  asking_token_ = app_->asking_token(*repository.installation,
                                     repository.name.substr(repository.name.find('/') + 1));
  return &asking_token_.secret;
}

App::Token Access::reading_token(Repository& repository) {
  return app_->reading_token(installed(repository));
}

void Access::forget(const Repository& repository) {
  if (app_ && repository.github_id) app_->forget(*repository.github_id);
}

base::Error unbound(const std::string& name) {
  return {base::ErrorKind::not_found,
          "unable to get a token for " + base::in_quotes(name) + ": its id at GitHub is not known",
          "`devy-upload reconcile` asks GitHub for it; or connect the blog again with --github-id.",
          "repository_unbound"};
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
