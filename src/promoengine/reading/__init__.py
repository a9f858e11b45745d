"""Text to plain data, with places: YAML and JSON in, `Document` out. Knows nothing of campaigns.

Nothing is guessed. Numbers are exact (`int`, or `Decimal` of the very text, never float), and
whatever readers of YAML are known to disagree about is refused with the way to write it instead.
All problems of a text are raised at once, as one `DocumentError`.

===========================  =====================================================================
code                         meaning
===========================  =====================================================================
``alias_not_allowed``        an anchor (``&a``) or an alias (``*a``)
``ambiguous_scalar``         an unquoted scalar that is read in more than one way: ``yes``, ``1:30``,
                             ``012``, ``0x1F``, ``1_000``, ``+5``, ``.5``, ``1e3``, ``.inf``, ``~``
``character_not_allowed``    a control character, half of a surrogate pair, or a non-character
``duplicate_key``            a key that its mapping already has
``empty_document``           a text that holds nothing, or only ``null``
``exponent_number``          a JSON number with an exponent: ``1e3``
``file_not_found``           no such file
``file_unreadable``          a file that is there and cannot be read: a directory, no permission
``key_not_text``             a key that is a number, a truth value, nothing, a list or a mapping
``merge_key_not_allowed``    the merge key ``<<``
``multiple_documents``       more than one document in a text
``nested_too_deeply``        more than 50 lists and mappings inside one another
``not_utf8``                 bytes that are not UTF-8
``number_not_finite``        ``NaN`` or ``Infinity`` in JSON
``number_too_long``          a number of more than 40 characters
``syntax``                   not YAML, or not JSON
``tag_not_allowed``          an explicit tag: ``!!int``, ``!!python/object``, ``!mine``
``text_too_large``           more than 256 MB, or the size that is asked for
``too_many_problems``        more than 1,000 problems were found, and reading stopped
``too_many_values``          more than ten million keys, values, and ends of lists and mappings, or the
                             size that is asked for
``unknown_file_type``        a file that ends neither in ``.json`` nor in ``.yaml`` or ``.yml``
===========================  =====================================================================

YAML is read from the parser's events, not from its node graph. Events are linear in the text: an
alias is one event however much it stands for, and depth is counted before anything recurses. It is
also several times faster. JSON is read by the standard library after a few quick looks, and once
more, slowly, where something about it is wrong or where someone asks for a place.
"""

from promoengine.reading._files import read_file
from promoengine.reading._formats import read_yaml
from promoengine.reading._json import read_json
from promoengine.reading._limits import Size
from promoengine.reading._positions import Document, Position
from promoengine.reading._problems import DocumentError

__all__ = ["Document", "DocumentError", "Position", "Size", "read_file", "read_json", "read_yaml"]
