#include <set>

#include "core/platform/base/time_text.hpp"
#include "core/platform/http/server/server.hpp"
#include "core/platform/http/server/stream.hpp"
#include "core/platform/setup/findings.hpp"
#include "core/platform/token/key_ring.hpp"
#include "core/platform/webhook/secret_list.hpp"

// Addresses, secrets, keys and certificates: the needs of listener, pages and admin server.

namespace devy::setup {
namespace {

void examine_addresses(Findings& findings, const std::string& key,
                       const std::vector<std::string>& addresses, std::set<std::string>& known) {
  for (const auto& address : addresses) {
    findings.attempt(key, [&] { server::check_address(address); });
    // Port 0 is another one each time.
    if (!address.ends_with(":0") && !known.insert(address).second)
      findings.add(key, "'" + address + "' is given twice",
                   "Give each of listener.addresses, web.addresses and admin.address its own.");
  }
}

// One by one, so that a broken one hides no other; then together, for their number.
void examine_secrets(Findings& findings, base::TimePoint now) {
  const std::string key = "webhook.secrets";
  const auto& entries = findings.config().webhook.secrets;
  bool is_each_usable = true;
  std::size_t ended = 0;
  for (const auto& entry : entries) {
    try {
      const auto parsed = webhook::parse_secret_entry(entry);
      static_cast<void>(webhook::load_secrets({entry}));
      if (!parsed.ends_at || *parsed.ends_at > now) continue;
      ++ended;
      findings.add(key,
                   "the secret '" + parsed.id + "' has expired, at " +
                       base::format_rfc3339(*parsed.ends_at) +
                       ": what is signed with it is refused",
                   "Name its successor, at GitHub too, or take the entry away.", true);
    } catch (const base::Error& error) {
      is_each_usable = false;
      findings.add(key, error.text(), error.hint());
    }
  }
  if (is_each_usable)
    findings.attempt(key, [&] { static_cast<void>(webhook::load_secrets(entries)); });
  if (!entries.empty() && ended == entries.size())
    findings.add(key, "all secrets have expired: every delivery is refused",
                 "Name one that is valid; `devy-upload doctor` looks again.", true);
}

void examine_keys(Findings& findings) {
  const auto& api = findings.config().api;
  bool is_each_usable = true;
  for (const auto& entry : api.keys) {
    try {
      const token::KeyRing ring({entry}, "");
    } catch (const base::Error& error) {
      is_each_usable = false;
      findings.add("api.keys", error.text(),
                   error.hint().empty() ? "Write it as \"id ALG /path/of/file\"." : error.hint());
    }
  }
  if (!api.jwks_file.empty())
    findings.attempt("api.jwks_file", [&] { const token::KeyRing ring({}, api.jwks_file); });
  if (is_each_usable && api.keys.size() > 1)
    findings.attempt("api.keys", [&] { const token::KeyRing ring(api.keys, ""); });
}

void examine_certificate(Findings& findings) {
  const auto& listener = findings.config().listener;
  if (listener.tls_certificate_file.empty() || listener.tls_key_file.empty()) return;
  findings.attempt("listener.tls_certificate_file", [&] {
    const server::Tls context(
        {listener.tls_certificate_file, listener.tls_key_file, listener.client_ca_file});
  });
}

}  // namespace

void examine_serving(Findings& findings, base::TimePoint now) {
  const auto& config = findings.config();
  std::set<std::string> known;
  if (!config.admin.address.empty())
    examine_addresses(findings, "admin.address", {config.admin.address}, known);
  examine_addresses(findings, "listener.addresses", config.listener.addresses, known);
  examine_addresses(findings, "web.addresses", config.web.addresses, known);
  if (config.listener.addresses.empty()) return;
  examine_secrets(findings, now);
  examine_keys(findings);
  examine_certificate(findings);
}

}  // namespace devy::setup
