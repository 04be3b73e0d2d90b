#include "core/platform/json/reader.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "core/platform/json/select_members.hpp"

namespace devy::json {
namespace {

using Node = nlohmann::json;

// Builds the tree while the library reads the text, and stops it at the first limit. The members
// are called by the library (its SAX interface); each returns whether to go on.
class Builder {
 public:
  Builder(const Format& format, Node& root) : format_(format), slot_(&root) {}

  [[nodiscard]] const std::string& cause() const { return cause_; }

  bool null() { return put(nullptr); }
  bool boolean(bool truth) { return put(truth); }
  bool number_integer(Node::number_integer_t number) { return put(number); }
  bool number_unsigned(Node::number_unsigned_t number) { return put(number); }
  bool number_float(Node::number_float_t number, const std::string&) { return put(number); }
  bool string(const std::string& text) { return fits(text) && put(text); }
  bool binary(Node::binary_t&) { return stop("it is no JSON"); }
  bool start_object(std::size_t) { return open(Node::value_t::object); }
  bool start_array(std::size_t) { return open(Node::value_t::array); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  bool key(const std::string& name) {
    if (!fits(name)) return false;
    auto& members = open_.back()->get_ref<Node::object_t&>();
    const auto [member, is_new] = members.try_emplace(name);
    if (!is_new && format_.repeated == Repeated::refused) return stop("a name is there twice");
    slot_ = &member->second;
    return true;
  }

  bool parse_error(std::size_t, const std::string&, const Node::exception&) {
    return stop("it is no JSON");
  }

 private:
  bool stop(std::string cause) {
    if (cause_.empty()) cause_ = std::move(cause);
    return false;
  }

  bool fits(const std::string& text) {
    const auto bytes_max = format_.text_bytes_max;
    if (bytes_max == 0 || text.size() <= bytes_max) return true;
    return stop("a text in it is over " + std::to_string(bytes_max) + " bytes");
  }

  // Makes the value where it belongs: the root, a member whose name has come, or the end of the
  // open array.
  template <class Type>
  Node* place(Type&& value) {
    if (slot_ == nullptr)
      return &open_.back()->get_ref<Node::array_t&>().emplace_back(std::forward<Type>(value));
    *slot_ = Node(std::forward<Type>(value));
    return std::exchange(slot_, nullptr);
  }

  bool count() {
    if (++values_ <= format_.values_max) return true;
    return stop("it has over " + std::to_string(format_.values_max) + " values");
  }

  template <class Type>
  bool put(Type&& value) {
    if (!count()) return false;
    place(std::forward<Type>(value));
    return true;
  }

  bool open(Node::value_t kind) {
    if (static_cast<int>(open_.size()) >= format_.depth_max) return stop("it is nested too deep");
    if (!count()) return false;
    open_.push_back(place(kind));
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  const Format& format_;
  std::vector<Node*> open_;  // stays valid: what encloses an open value does not grow
  Node* slot_;
  std::size_t values_ = 0;
  std::string cause_;
};

const Node& node_of(const void* node) {
  return *static_cast<const Node*>(node);
}

const Node* element_of(const Node& array, std::string_view part) {
  std::size_t index = 0;
  const auto* end = part.data() + part.size();
  const auto parsed = std::from_chars(part.data(), end, index);
  if (parsed.ec != std::errc() || parsed.ptr != end || index >= array.size()) return nullptr;
  return &array[index];
}

// Null where any part of the path is absent.
const Node* find_node(const void* from, std::string_view path) {
  const auto* at = &node_of(from);
  while (!path.empty()) {
    const auto end = std::min(path.find('/'), path.size());
    const auto part = path.substr(0, end);
    if (at->is_array()) {
      at = element_of(*at, part);
      if (at == nullptr) return nullptr;
    } else {
      const auto found = at->find(part);
      if (found == at->end()) return nullptr;
      at = &*found;
    }
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return at;
}

const std::string* text_of(const Node* node) {
  if (node == nullptr || !node->is_string()) return nullptr;
  const auto& text = node->get_ref<const std::string&>();
  return text.find('\0') == std::string::npos ? &text : nullptr;
}

std::optional<std::int64_t> integer_of(const Node* node) {
  if (node == nullptr || !node->is_number_integer()) return std::nullopt;
  constexpr auto greatest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (node->is_number_unsigned() && node->get<std::uint64_t>() > greatest) return std::nullopt;
  return node->get<std::int64_t>();
}

bool is_missing(const Node* node) {
  return node == nullptr || node->is_null();
}

}  // namespace

struct Value::Tree {
  Format format;
  Node root;
};

Value::Value(std::shared_ptr<const Tree> tree, const void* node, std::string place)
    : tree_(std::move(tree)), node_(node), place_(std::move(place)) {}

std::string Value::place_of(std::string_view path) const {
  if (path.empty() || place_.empty()) return place_ + std::string(path);
  return place_ + "/" + std::string(path);
}

void Value::refuse(std::string_view path, const std::string& wanted) const {
  const auto place = place_of(path);
  json::refuse(tree_->format, (place.empty() ? "it" : "'" + place + "'") + " must be " + wanted);
}

bool Value::is_object() const {
  return node_of(node_).is_object();
}

bool Value::is_array() const {
  return node_of(node_).is_array();
}

std::size_t Value::size() const {
  return node_of(node_).is_structured() ? node_of(node_).size() : 0;
}

bool Value::has(std::string_view path) const {
  return !is_missing(find_node(node_, path));
}

bool Value::has_name(std::string_view path) const {
  return find_node(node_, path) != nullptr;
}

Value Value::at(std::string_view path) const {
  const auto* found = find_node(node_, path);
  if (found == nullptr) refuse(path, "there");
  return {tree_, found, place_of(path)};
}

std::optional<Value> Value::find(std::string_view path) const {
  const auto* found = find_node(node_, path);
  if (is_missing(found)) return std::nullopt;
  return Value(tree_, found, place_of(path));
}

std::string Value::text(std::string_view path) const {
  auto found = maybe_text(path);
  if (!found) refuse(path, "there");
  return *std::move(found);
}

std::optional<std::string> Value::maybe_text(std::string_view path) const {
  const auto* found = find_node(node_, path);
  if (is_missing(found)) return std::nullopt;
  const auto* text = text_of(found);
  if (text == nullptr) refuse(path, found->is_string() ? "a text without U+0000" : "a text");
  return *text;
}

std::optional<std::string> Value::if_text(std::string_view path) const {
  const auto* text = text_of(find_node(node_, path));
  if (text == nullptr) return std::nullopt;
  return *text;
}

std::optional<std::string> Value::if_mended_text(std::string_view path) const {
  const auto* found = find_node(node_, path);
  if (found == nullptr || !found->is_string()) return std::nullopt;
  const auto& text = found->get_ref<const std::string&>();
  if (text.find('\0') == std::string::npos) return text;
  std::string mended;
  for (const char c : text)
    if (c == '\0') mended += "\xef\xbf\xbd";
    else mended += c;
  return mended;
}

std::int64_t Value::integer_within(std::string_view path, std::int64_t least,
                                   std::int64_t greatest) const {
  const auto found = maybe_integer(path);
  if (!found) refuse(path, "there");
  if (*found < least || *found > greatest)
    refuse(path, "a number of " + std::to_string(least) + " to " + std::to_string(greatest));
  return *found;
}

std::optional<std::int64_t> Value::maybe_integer(std::string_view path) const {
  const auto* found = find_node(node_, path);
  if (is_missing(found)) return std::nullopt;
  const auto number = integer_of(found);
  if (!number) refuse(path, "a whole number");
  return number;
}

std::optional<std::int64_t> Value::if_integer(std::string_view path) const {
  return integer_of(find_node(node_, path));
}

std::optional<double> Value::if_number(std::string_view path) const {
  const auto* found = find_node(node_, path);
  if (found == nullptr || !found->is_number()) return std::nullopt;
  return found->get<double>();
}

bool Value::boolean(std::string_view path) const {
  const auto found = maybe_boolean(path);
  if (!found) refuse(path, "there");
  return *found;
}

std::optional<bool> Value::maybe_boolean(std::string_view path) const {
  const auto* found = find_node(node_, path);
  if (is_missing(found)) return std::nullopt;
  if (!found->is_boolean()) refuse(path, "true or false");
  return found->get<bool>();
}

std::optional<bool> Value::if_boolean(std::string_view path) const {
  const auto* found = find_node(node_, path);
  if (found == nullptr || !found->is_boolean()) return std::nullopt;
  return found->get<bool>();
}

std::vector<Value> Value::items_of(const void* array, std::string_view path) const {
  std::vector<Value> items;
  auto place = place_of(path);
  if (!place.empty()) place += '/';
  items.reserve(node_of(array).size());
  for (const auto& item : node_of(array))
    items.push_back(Value(tree_, &item, place + std::to_string(items.size())));
  return items;
}

std::vector<Value> Value::items(std::string_view path) const {
  if (!has(path)) refuse(path, "there");
  return maybe_items(path);
}

std::vector<Value> Value::maybe_items(std::string_view path) const {
  const auto* found = find_node(node_, path);
  if (is_missing(found)) return {};
  if (!found->is_array()) refuse(path, "a list");
  return items_of(found, path);
}

std::vector<Value> Value::if_items(std::string_view path) const {
  const auto* found = find_node(node_, path);
  if (found == nullptr || !found->is_array()) return {};
  return items_of(found, path);
}

std::vector<std::string> Value::if_texts(std::string_view path) const {
  std::vector<std::string> texts;
  const auto* found = find_node(node_, path);
  if (found == nullptr || !found->is_array()) return texts;
  for (const auto& item : *found)
    if (const auto* text = text_of(&item)) texts.push_back(*text);
  return texts;
}

std::vector<std::pair<std::string, Value>> Value::members() const {
  std::vector<std::pair<std::string, Value>> members;
  if (!is_object()) return members;
  for (const auto& [name, member] : node_of(node_).get_ref<const Node::object_t&>())
    members.emplace_back(name, Value(tree_, &member, place_of(name)));
  return members;
}

Value parse(std::string_view text, const Format& format) {
  if (text.size() > format.bytes_max)
    refuse(format, "it is over " + std::to_string(format.bytes_max) + " bytes");
  // To the library this byte is the end of the text, whatever follows.
  if (text.find('\0') != std::string_view::npos) refuse(format, "it is no JSON");
  auto tree = std::make_shared<Value::Tree>(Value::Tree{format, nullptr});
  Builder builder(format, tree->root);
  if (!Node::sax_parse(text.begin(), text.end(), &builder)) refuse(format, builder.cause());
  const auto* root = &tree->root;
  return {std::move(tree), root, {}};
}

Value parse_selected(std::string_view text, const Format& format,
                     const std::function<bool(std::string_view)>& is_kept) {
  if (text.size() > format.bytes_max)
    refuse(format, "it is over " + std::to_string(format.bytes_max) + " bytes");
  const auto kept = select_members(text, format.depth_max, is_kept);
  if (!kept) refuse(format, "it is no JSON object, or nested too deep");
  return parse(*kept, format);
}

void refuse(const Format& format, const std::string& cause) {
  throw base::Error(format.kind, std::string("unable to read ") + format.name + ": " + cause,
                    format.hint, format.code);
}

}  // namespace devy::json
