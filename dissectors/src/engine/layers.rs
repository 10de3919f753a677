//! The layers that the messages of a stretch name.

use super::slot::{Layer, Lineage};
use crate::ids::LayerId;
use crate::maps::FastMap;

/// So many are looked through one by one, which is quicker than a table: most connections have no
/// more.
const FEW: usize = 8;

/// Layers by their numbers.
#[derive(Debug, Default)]
pub(super) struct Layers {
    few: Vec<(LayerId, Layer)>,
    more: FastMap<LayerId, Layer>,
}

impl Layers {
    /// The layer of that number.
    pub(super) fn get(&self, id: LayerId) -> Option<&Layer> {
        let known = self.few.iter().find(|(known, _)| *known == id);
        match known {
            Some((_, layer)) => Some(layer),
            None if self.more.is_empty() => None,
            None => self.more.get(&id),
        }
    }

    /// Takes up a layer, and those below it.
    pub(super) fn add(&mut self, lineage: &Lineage) {
        if lineage.first().is_some_and(|(id, _)| self.get(*id).is_some()) {
            return;
        }
        for (id, layer) in lineage.iter() {
            if self.get(*id).is_some() {
                continue;
            }
            if self.few.len() < FEW {
                self.few.push((*id, *layer));
            } else {
                self.more.insert(*id, *layer);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::ProtocolId;
    use crate::protocol::Framing;

    #[test]
    fn all_are_found_however_many_there_are() {
        let layer = |id: u32| Layer {
            protocol: ProtocolId::of("layers"),
            below: LayerId::NONE,
            child: id.into(),
            framing: Framing::Stream,
            through: None,
        };
        let lineage = |id: u32| -> Lineage { [id, 0].map(|id| (LayerId(id), layer(id))).into() };
        let mut layers = Layers::default();
        let last = 3 * FEW as u32;
        for round in 0..2 {
            (1..last).for_each(|id| layers.add(&lineage(id)));
            let found = (0..last).map(|id| layers.get(LayerId(id)).map(|layer| layer.child));
            assert!(found.eq((0..last).map(|id| Some(id.into()))), "{round}");
            assert_eq!(layers.get(LayerId(last)), None);
            assert_eq!(layers.few.len() + layers.more.len(), last as usize, "each once");
        }
    }
}
