#include "core/crm/access.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/hex.hpp"
#include "core/platform/base/sha256.hpp"

namespace devy::crm {
namespace {

using base::Error;
using base::ErrorKind;

constexpr const char* token_variable = "PIPEDRIVE_TOKEN";
constexpr std::size_t company_bytes_max = 63, token_bytes_max = 512;
constexpr std::size_t fingerprint_characters = 16;

std::string token_of_environment() {
  const char* text = std::getenv(token_variable);
  return text == nullptr ? "" : text;
}

// The API's own tokens are letters and digits; whatever else could end a header.
bool is_token(std::string_view token) {
  return token.size() <= token_bytes_max && base::is_word_of(token, "._~+/=-");
}

bool is_allowed(std::string_view url) {
  if (url.find('@') != std::string_view::npos || url.find('?') != std::string_view::npos)
    return false;
  constexpr std::array<std::string_view, 3> own{"http://127.0.0.1", "http://localhost",
                                                "http://[::1]"};
  return url.starts_with("https://") || std::ranges::any_of(own, [&](std::string_view host) {
           return url.starts_with(host) &&
                  (url.size() == host.size() || url[host.size()] == ':' || url[host.size()] == '/');
         });
}

std::string address_of(const config::Crm& settings) {
  auto url = settings.api_url;
  if (url.empty()) {
    if (settings.company.size() > company_bytes_max || !base::is_word_of(settings.company, "-"))
      throw Error(ErrorKind::config,
                  "unable to ask the CRM: '" + settings.company + "' is no company's name",
                  "Set crm.company to the first word of your Pipedrive address: 'acme' of "
                  "acme.pipedrive.com.");
    return "https://" + settings.company + ".pipedrive.com/api/v2";
  }
  while (url.ends_with('/'))
    url.pop_back();
  if (!is_allowed(url))
    throw Error(ErrorKind::config, "unable to ask the CRM: its address may not be used",
                "Set crm.api_url to an https address with /api/v2 at its end.");
  return url;
}

}  // namespace

std::string company_of(const config::Crm& settings) {
  const bool has_token = !settings.token_file.empty() || !token_of_environment().empty();
  return has_token ? settings.company : "";
}

Access open_access(const config::Crm& settings) {
  Access access{address_of(settings), {}};
  access.token = settings.token_file.empty() ? base::Secret(token_of_environment())
                                             : base::read_secret_file(settings.token_file);
  if (!is_token(access.token.reveal()))
    throw Error(ErrorKind::config, "unable to ask the CRM: there is no token that could be one",
                "Write the API token of a Pipedrive user into a file with mode 0600, and name it "
                "in crm.token_file.");
  return access;
}

std::string fingerprint(const Access& access) {
  const auto digest = base::sha256(access.api_url + "\n" + std::string(access.token.reveal()));
  return base::to_hex(digest).substr(0, fingerprint_characters);
}

}  // namespace devy::crm
