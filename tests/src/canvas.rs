//! Paints egui's triangles on the CPU: pictures of the window with no GPU and no display, the
//! same bytes on each run.

use std::collections::HashMap;

use egui::epaint::{ImageData, Mesh, Primitive, Vertex};
use egui::{Color32, Pos2, Rect, TextureId, TexturesDelta};
use egui_kittest::TestRenderer;
use image::{Rgba, RgbaImage};

/// A renderer for `egui_kittest`, and for screenshots.
#[derive(Default)]
pub struct Canvas {
    textures: HashMap<TextureId, Texture>,
}

struct Texture {
    width: usize,
    height: usize,
    pixels: Vec<Color32>,
}

impl TestRenderer for Canvas {
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        for (id, delta) in
            delta.set.drain().flat_map(|(id, parts)| parts.into_iter().map(move |part| (id, part)))
        {
            let ImageData::Color(image) = &delta.image;
            let [width, height] = image.size;
            match (delta.pos, self.textures.get_mut(&id)) {
                (Some([left, top]), Some(texture)) => {
                    for (row, pixels) in image.pixels.chunks(width.max(1)).enumerate() {
                        let start = (top + row) * texture.width + left;
                        texture.pixels[start..start + width].copy_from_slice(pixels);
                    }
                }
                _ => {
                    let pixels = image.pixels.clone();
                    self.textures.insert(id, Texture { width, height, pixels });
                }
            }
        }
        for id in delta.free.drain() {
            self.textures.remove(&id);
        }
    }

    fn render(
        &mut self,
        ctx: &egui::Context,
        output: &egui::FullOutput,
    ) -> Result<RgbaImage, String> {
        let scale = ctx.pixels_per_point();
        let size = ctx.content_rect().size() * scale;
        let mut target = RgbaImage::new(size.x.round() as u32, size.y.round() as u32);
        for clipped in ctx.tessellate(output.shapes.clone(), scale) {
            if let Primitive::Mesh(mesh) = &clipped.primitive {
                self.mesh(mesh, clipped.clip_rect * scale, scale, &mut target);
            }
        }
        for pixel in target.pixels_mut() {
            pixel.0[3] = 255;
        }
        Ok(target)
    }
}

impl Canvas {
    fn mesh(&self, mesh: &Mesh, clip: Rect, scale: f32, target: &mut RgbaImage) {
        let Some(texture) = self.textures.get(&mesh.texture_id) else { return };
        for corners in mesh.indices.chunks_exact(3) {
            let corner = |at: usize| {
                let mut vertex = mesh.vertices[corners[at] as usize];
                vertex.pos = (vertex.pos.to_vec2() * scale).to_pos2();
                vertex
            };
            triangle([corner(0), corner(1), corner(2)], texture, clip, target);
        }
    }
}

/// Fills one triangle; a pixel belongs to it if its centre does.
fn triangle(corners: [Vertex; 3], texture: &Texture, clip: Rect, target: &mut RgbaImage) {
    let [a, b, c] = corners.map(|corner| corner.pos);
    let area = cross(a, b, c);
    if area == 0.0 {
        return;
    }
    let bounds = Rect::from_points(&[a, b, c]).intersect(clip);
    let last = Pos2::new(target.width() as f32, target.height() as f32);
    let columns = bounds.left().max(0.0) as u32..bounds.right().min(last.x).ceil().max(0.0) as u32;
    for y in bounds.top().max(0.0) as u32..bounds.bottom().min(last.y).ceil().max(0.0) as u32 {
        for x in columns.clone() {
            let centre = Pos2::new(x as f32 + 0.5, y as f32 + 0.5);
            if !clip.contains(centre) {
                continue;
            }
            let shares = [cross(b, c, centre), cross(c, a, centre), cross(a, b, centre)]
                .map(|part| part / area);
            if shares.iter().any(|share| *share < 0.0) {
                continue;
            }
            let blend = |value: &dyn Fn(&Vertex) -> f32| -> f32 {
                corners.iter().zip(shares).map(|(corner, share)| value(corner) * share).sum()
            };
            let uv = (blend(&|corner| corner.uv.x), blend(&|corner| corner.uv.y));
            let texel = texture.sample(uv);
            let Rgba(under) = target.get_pixel_mut(x, y);
            let tint = |at: usize| blend(&|corner| f32::from(corner.color.to_array()[at])) / 255.0;
            let alpha = texel[3] * tint(3);
            for (at, channel) in under.iter_mut().enumerate().take(3) {
                let over = texel[at] * tint(at) * 255.0;
                *channel = (over + f32::from(*channel) * (1.0 - alpha)).round() as u8;
            }
        }
    }
}

fn cross(a: Pos2, b: Pos2, c: Pos2) -> f32 {
    (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}

impl Texture {
    /// The colour between the four nearest texels, as shares of one.
    fn sample(&self, (u, v): (f32, f32)) -> [f32; 4] {
        let (x, y) = (u * self.width as f32 - 0.5, v * self.height as f32 - 0.5);
        let mut sum = [0.0; 4];
        for (dx, dy) in [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)] {
            let (column, row) = (x.floor() + dx, y.floor() + dy);
            let share = (1.0 - (x - column).abs()) * (1.0 - (y - row).abs());
            let column = (column.max(0.0) as usize).min(self.width - 1);
            let row = (row.max(0.0) as usize).min(self.height - 1);
            let texel = self.pixels[row * self.width + column].to_array();
            for (part, channel) in sum.iter_mut().zip(texel) {
                *part += share * f32::from(channel) / 255.0;
            }
        }
        sum
    }
}
