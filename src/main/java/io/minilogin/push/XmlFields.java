package io.minilogin.push;

import io.quarkus.runtime.annotations.RegisterResourceBundle;
import java.io.StringReader;
import java.util.function.BiPredicate;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads the elements below the root element of an XML document with the parser of the JDK. The
 * parser reads no document type and no external entity. In a native executable the parser needs the
 * texts of its exceptions.
 */
@RegisterResourceBundle(
    bundleName = "com.sun.org.apache.xerces.internal.impl.msg.XMLMessages",
    moduleName = "java.xml")
final class XmlFields {
  private final XMLStreamReader reader;
  private final BiPredicate<String, String> fields;
  private final StringBuilder text = new StringBuilder();
  private int depth;
  private boolean hasElements;

  private XmlFields(XMLStreamReader reader, BiPredicate<String, String> fields) {
    this.reader = reader;
    this.fields = fields;
  }

  /**
   * Reads the document.
   *
   * @param fields gets the name and the text of each element below the root element, with an empty
   *     text for an element that has elements; returns false to refuse it
   * @return false if an element was refused or the document has a document type
   * @throws XMLStreamException if the document is malformed
   */
  static boolean read(String document, BiPredicate<String, String> fields)
      throws XMLStreamException {
    // A factory is not thread-safe.
    var factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    var reader = factory.createXMLStreamReader(new StringReader(document));
    try {
      return new XmlFields(reader, fields).read();
    } finally {
      reader.close();
    }
  }

  private boolean read() throws XMLStreamException {
    while (reader.hasNext()) {
      switch (reader.next()) {
        case XMLStreamConstants.START_ELEMENT -> begin();
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA ->
            text.append(reader.getText());
        case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE -> {
          return false;
        }
        case XMLStreamConstants.END_ELEMENT -> {
          if (!end()) {
            return false;
          }
        }
        default -> {
          // A comment, a processing instruction or the end.
        }
      }
    }
    return true;
  }

  private void begin() {
    depth++;
    hasElements = depth != 2;
    text.setLength(0);
  }

  private boolean end() {
    var isField = depth == 2;
    var value = hasElements ? "" : text.toString();
    hasElements = true;
    depth--;
    return !isField || fields.test(reader.getLocalName(), value);
  }
}
