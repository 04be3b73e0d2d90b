#include "core/platform/git/ref_advertisement.hpp"

#include <algorithm>

#include "core/platform/base/safe_text.hpp"
#include "core/platform/git/packet_line.hpp"

namespace devy::git {
namespace {

// One packet line, its line end removed. Nothing at a malformed one; a flush is an empty view with
// no data.
struct PacketReader {
  std::string_view left;
  bool is_broken = false;

  std::optional<std::string_view> next() {
    if (left.empty()) return std::nullopt;
    const auto length = parse_packet_length(left);
    if (!length || (*length != 0 && *length < packet_length_digits) || *length > left.size()) {
      is_broken = true;
      return std::nullopt;
    }
    const std::size_t taken = *length == 0 ? packet_length_digits : *length;
    auto line = left.substr(packet_length_digits, taken - packet_length_digits);
    left.remove_prefix(taken);
    if (line.ends_with('\n')) line.remove_suffix(1);
    return line;
  }
};

void read_capabilities(std::string_view text, RefAdvertisement& refs) {
  while (!text.empty()) {
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    constexpr std::string_view head_prefix = "symref=HEAD:refs/heads/";
    if (word.starts_with(head_prefix)) refs.head_branch = word.substr(head_prefix.size());
    if (word == "allow-tip-sha1-in-want") refs.allows_tip_commits = true;
    if (word == "allow-reachable-sha1-in-want") refs.allows_reachable_commits = true;
    if (word == "filter") refs.allows_filter = true;
    constexpr std::string_view format_prefix = "object-format=";
    if (word.starts_with(format_prefix)) refs.object_format = word.substr(format_prefix.size());
  }
}

// Names become refspecs and branch names: what git itself would not let be made is not there, and
// neither is the object of an annotated tag.
bool is_sound(std::string_view name) {
  const bool has_bad_byte = std::ranges::any_of(name, [](unsigned char c) {
    return c <= ' ' || c == 0x7f ||
           std::string_view("~^:?*[\\").find(static_cast<char>(c)) != std::string_view::npos;
  });
  return !has_bad_byte && name.starts_with("refs/") && name.find("..") == name.npos &&
         name.find("@{") == name.npos && name.find("//") == name.npos && !name.ends_with('/') &&
         !name.ends_with(".lock") && base::is_valid_utf8(name);
}

// A server too old to name the branch of HEAD at least names its commit.
void guess_head(const snapshot::CommitId& head, RefAdvertisement& refs) {
  for (const std::string_view name : {"main", "master"})
    if (const auto* ref = refs.find_branch(name); ref != nullptr && ref->commit == head)
      refs.head_branch = name;
  if (!refs.head_branch.empty()) return;
  for (const auto& ref : refs.refs)
    if (ref.commit == head && ref.name.starts_with(branch_prefix)) {
      refs.head_branch = ref.name.substr(branch_prefix.size());
      return;
    }
}

}  // namespace

const RemoteRef* RefAdvertisement::find_branch(std::string_view short_name) const {
  const auto found = std::ranges::find_if(refs, [&](const RemoteRef& ref) {
    return ref.name.size() == branch_prefix.size() + short_name.size() &&
           ref.name.starts_with(branch_prefix) && ref.name.ends_with(short_name);
  });
  return found == refs.end() ? nullptr : &*found;
}

std::optional<RefAdvertisement> parse_advertisement(std::string_view body) {
  PacketReader reader{.left = body};
  if (reader.next() != "# service=git-upload-pack") return std::nullopt;
  RefAdvertisement refs;
  std::optional<snapshot::CommitId> head;
  bool is_first = true;
  while (const auto packet = reader.next()) {
    auto line = *packet;
    if (line.empty() || line.starts_with("shallow ")) continue;
    if (is_first) {
      const auto zero = line.find('\0');
      if (zero != line.npos) read_capabilities(line.substr(zero + 1), refs);
      line = line.substr(0, zero);
      is_first = false;
      if (refs.object_format != known_object_format) return refs;
    }
    const auto space = line.find(' ');
    const auto id = snapshot::CommitId::parse(line.substr(0, space));
    if (!id || space == line.npos) return std::nullopt;
    const auto name = line.substr(space + 1);
    if (name == "HEAD") head = *id;
    else if (is_sound(name)) refs.refs.push_back({std::string(name), *id});
  }
  if (reader.is_broken) return std::nullopt;
  if (refs.head_branch.empty() && head) guess_head(*head, refs);
  return refs;
}

}  // namespace devy::git
