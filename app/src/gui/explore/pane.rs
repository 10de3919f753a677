//! The table of panels: what each is called, where it stands at first, and what draws it.
//!
//! A panel is a file with a function `show`, and a line here.

use egui::{Margin, Ui};
use serde::{Deserialize, Serialize};

use super::{
    Explore, bytes, connections, diagram, follow_panel, graph_panel, hierarchy_panel, hosts_panel,
    keys_panel, list, noted_panel, request_list, step, traffic_panel, tree,
};
use crate::gui::act::Act;
use crate::gui::theme::Palette;

/// Where a panel stands before somebody moves it. Panels of one home share it, in the order of the
/// table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Home {
    /// Upper left, with most of the room.
    Told,
    /// Right of that: one above the other.
    Chosen,
    /// In the lower part, in front.
    Front,
    /// There, behind that.
    Below,
}

/// What there is to know of a panel.
pub(super) struct Panel {
    /// What its tab says. A screen reader hears the same.
    pub(super) title: &'static str,
    pub(super) home: Home,
    /// Between its edge and what it shows.
    pub(super) margin: Margin,
    /// What draws it.
    pub(super) show: fn(&mut Ui, &mut Explore, &Palette, &mut Vec<Act>),
}

/// A list reaches to the edges of its panel.
const EDGES: Margin = Margin::ZERO;
/// What is looked at or read keeps some distance.
const CLOSE: Margin = Margin::same(6);
const WIDE: Margin = Margin::symmetric(12, 8);

/// Makes the enumeration and its table of one list. Names are kept with the settings.
macro_rules! panes {
    ($(
        $(#[$doc:meta])*
        $name:ident = $title:literal, $home:ident, $margin:ident, $module:ident;
    )*) => {
        /// One panel.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub(in crate::gui) enum Pane {
            $($(#[$doc])* $name,)*
        }

        impl Pane {
            /// What its tab says.
            pub(in crate::gui) const fn title(self) -> &'static str {
                self.panel().title
            }

            /// All of them, in the order of the work.
            pub(in crate::gui) const ALL: &[Self] = &[$(Self::$name),*];

            /// What there is to know of it.
            pub(super) const fn panel(self) -> &'static Panel {
                match self {
                    $(Self::$name => const {
                        &Panel {
                            title: $title,
                            home: Home::$home,
                            margin: $margin,
                            show: |ui, explore, palette, acts| {
                                $module::show(ui, explore, palette, acts)
                            },
                        }
                    },)*
                }
            }
        }
    };
}

panes! {
    /// All connections.
    Connections = "Connections", Below, EDGES, connections;
    /// All requests.
    Requests = "Requests", Below, EDGES, request_list;
    /// The sequence diagram.
    Diagram = "Diagram", Told, CLOSE, diagram;
    /// What the two sides of a connection said.
    Follow = "Follow", Told, CLOSE, follow_panel;
    /// The secrets between them.
    Keys = "Keys", Told, CLOSE, keys_panel;
    /// How its bytes went over time.
    Graph = "Graph", Told, CLOSE, graph_panel;
    /// What the chosen step means.
    Step = "Step", Chosen, WIDE, step;
    /// All frames.
    Packets = "Packets", Front, EDGES, list;
    /// The fields of the selected frame.
    Details = "Details", Chosen, CLOSE, tree;
    /// Its bytes.
    Bytes = "Bytes", Chosen, CLOSE, bytes;
    /// Everything that was noted.
    Noted = "Notes", Below, EDGES, noted_panel;
    /// Which protocols lie inside which.
    Hierarchy = "Protocols", Below, EDGES, hierarchy_panel;
    /// Who sent how much.
    Hosts = "Hosts", Below, EDGES, hosts_panel;
    /// How much passed when.
    Traffic = "Traffic", Below, EDGES, traffic_panel;
}
