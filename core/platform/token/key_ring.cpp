#include "core/platform/token/key_ring.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "core/platform/base/base64.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/token/compact.hpp"

namespace devy::token {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::chrono::seconds look_interval{1};

[[noreturn]] void throw_entry(const std::string& entry, const std::string& cause) {
  throw Error(ErrorKind::config, "unable to use the key '" + entry + "': " + cause,
              "Write it as \"id ALG /path/of/file\" or \"id ALG /path/of/file until TIME\".");
}

std::string read_bounded(const std::string& path) {
  const auto refuse = [&](const std::string& cause) {
    throw Error(ErrorKind::config, "unable to read keys from '" + path + "': " + cause,
                "It must be there, readable, and at most 256 KiB.");
  };
  std::ifstream file(path, std::ios::binary);
  if (!file) refuse(strerror(errno));
  std::string text(jwks_bytes_max + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  if (text.empty()) refuse("it is empty");
  if (text.size() > jwks_bytes_max) refuse("it is too large");
  return text;
}

void add(Keys& keys, const std::string& id, Key key) {
  if (!is_key_id(id))
    throw Error(ErrorKind::config, "unable to use a key: its id must be letters, digits, _ and -");
  if (keys.size() == keys_max)
    throw Error(ErrorKind::config, "unable to use more than " + std::to_string(keys_max) + " keys");
  if (!keys.emplace(id, std::make_shared<const Key>(std::move(key))).second)
    throw Error(ErrorKind::config, "unable to use two keys of the id '" + id + "'");
}

void add_entry(Keys& keys, const std::string& entry) {
  std::istringstream words(entry);
  std::string id, name, path, until, time, rest;
  words >> id >> name >> path >> until >> time >> rest;
  const auto algorithm = parse_algorithm(name);
  if (!algorithm) throw_entry(entry, "the algorithm must be RS256, ES256 or HS256");
  if (path.empty() || path.front() != '/') throw_entry(entry, "the path must be absolute");
  const auto ends_at = base::parse_rfc3339(time);
  if ((!until.empty() && (until != "until" || !ends_at)) || !rest.empty())
    throw_entry(entry, "what follows the path is not understood");
  auto key = *algorithm == Algorithm::hs256 ? Key::from_secret(base::read_secret_file(path))
                                            : Key::from_pem(read_bounded(path), *algorithm);
  key.ends_at = ends_at;
  add(keys, id, std::move(key));
}

[[nodiscard]] std::string number(const json::Value& jwk, const char* name) {
  auto bytes = base::decode_base64url(jwk.if_text(name).value_or(""));
  if (!bytes || bytes->empty())
    throw Error(ErrorKind::config, std::string("unable to use a key: '") + name + "' is no number");
  return *std::move(bytes);
}

Key key_of(const json::Value& jwk) {
  const auto type = jwk.if_text("kty").value_or(""), algorithm = jwk.if_text("alg").value_or("");
  // Anybody who has the private part could sign tokens with it.
  if (jwk.has_name("d") || jwk.has_name("k"))
    throw Error(ErrorKind::config, "unable to use a key: the set must hold public keys alone");
  if (type == "RSA" && algorithm == "RS256")
    return Key::from_rsa(number(jwk, "n"), number(jwk, "e"));
  if (type == "EC" && algorithm == "ES256" && jwk.if_text("crv") == "P-256")
    return Key::from_p256(number(jwk, "x"), number(jwk, "y"));
  throw Error(ErrorKind::config, "unable to use a key: it must say RS256 or ES256 as its alg");
}

}  // namespace

Keys parse_jwks(std::string_view json) {
  const auto set = parse_object(json);
  if (!set || !set->has_name("keys"))
    throw Error(ErrorKind::config, "unable to use the key set: it is no JSON Web Key Set");
  Keys keys;
  for (const auto& jwk : set->if_items("keys")) {
    if (jwk.has_name("use") && jwk.if_text("use") != "sig") continue;
    add(keys, jwk.if_text("kid").value_or(""), key_of(jwk));
  }
  return keys;
}

KeyRing::KeyRing(const std::vector<std::string>& entries, std::string jwks_file)
    : jwks_file_(std::move(jwks_file)) {
  for (const auto& entry : entries)
    add_entry(fixed_, entry);
  keys_ = std::make_shared<const Keys>(fixed_);
  if (!jwks_file_.empty()) reread(stamp());
}

KeyRing::Stamp KeyRing::stamp() const {
  struct stat info {};
  if (stat(jwks_file_.c_str(), &info) != 0) return {};
  return {info.st_mtim.tv_sec, info.st_mtim.tv_nsec, info.st_size,
          static_cast<std::int64_t>(info.st_ino)};
}

void KeyRing::reread(const Stamp& found) {
  auto keys = fixed_;
  for (const auto& [id, key] : parse_jwks(read_bounded(jwks_file_)))
    if (!keys.emplace(id, key).second)
      throw Error(ErrorKind::config, "unable to use two keys of the id '" + id + "'");
  keys_ = std::make_shared<const Keys>(std::move(keys));
  read_ = found;
}

std::shared_ptr<const Keys> KeyRing::keys(base::MonotonicTime now) {
  const std::lock_guard lock(mutex_);
  if (jwks_file_.empty() || now - looked_at_ < look_interval) return keys_;
  looked_at_ = now;
  const auto found = stamp();
  if (found == read_) return keys_;
  try {
    reread(found);
    base::log::info("key set read", {{"file", jwks_file_}, {"keys", keys_->size()}});
  } catch (const Error& error) {
    // Logged once for each change.
    read_ = found;
    base::log::warning("key set not read", {{"file", jwks_file_}, {"error", error.text()}});
  }
  return keys_;
}

}  // namespace devy::token
